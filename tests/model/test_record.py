"""Records of one connection are encoded in pieces, with the same bytes as whole ones."""

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from leanbase.model.record import Lane, Record, RecordForm, encode_record

WHOLE = 1 << 62
RECORD = st.builds(
    Record,
    project_id=st.integers(0, WHOLE),
    lane=st.sampled_from(Lane),
    received_at=st.integers(1 << 32, WHOLE),
    body=st.binary(max_size=300),
    encoding=st.sampled_from(["", "gzip"]),
    ip=st.text(max_size=40),
    user_agent=st.text(max_size=300),
    sent_at=st.none() | st.integers(-WHOLE, WHOLE),
    historical=st.booleans(),
    ai=st.booleans(),
)
TIMES = st.integers(1 << 32, WHOLE)


@given(RECORD, TIMES, st.binary(max_size=300))
@example(Record(1, Lane.V0, 1 << 50, b""), 1 << 60, b"x" * 255)
@example(Record(1, Lane.V0, 1 << 50, b""), 1 << 50, b"x" * 256)
@example(Record(1 << 60, Lane.V0, 1 << 50, b"body"), 1 << 50, b"x" * 65_535)
@example(Record(1, Lane.REPLAY, 1 << 50, b"body", "gzip"), 1 << 50, b"x" * 65_536)
def test_a_form_gives_the_bytes_of_the_whole_record(record: Record, received_at: int, body: bytes) -> None:
    whole = msgspec.structs.replace(record, received_at=received_at, body=body)
    assert RecordForm(record).encode(received_at, body) == encode_record(whole)
