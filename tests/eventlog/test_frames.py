from hypothesis import given
from hypothesis import strategies as st

from leanbase.eventlog.segments.frames import MAGIC, NO_FRAME, frames, header

PAYLOADS = st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=8)
BASES = st.integers(0, 1 << 62)


def written(payloads: list[bytes], base: int) -> tuple[bytes, list[tuple[int, bytes]]]:
    content, places = b"", []
    for payload in payloads:
        places.append((base + len(content), payload))
        content += header(base + len(content), payload) + payload
    return content, places


def found(content: bytes, base: int) -> list[tuple[int, bytes]]:
    return [(frame.start, content[frame.offset : frame.offset + frame.length]) for frame in frames(content, base)]


@given(PAYLOADS, BASES, st.binary(max_size=40))
def test_what_was_written_is_found_whatever_follows(payloads: list[bytes], base: int, rest: bytes) -> None:
    content, places = written(payloads, base)
    assert found(content + NO_FRAME + rest, base) == places


@given(PAYLOADS, PAYLOADS, BASES, st.integers(1, 1 << 40))
def test_frames_of_an_earlier_life_never_continue(new: list[bytes], old: list[bytes], base: int, distance: int) -> None:
    content, places = written(new, base + distance)
    earlier, _ = written(old + new + old, base)
    assert found(content + earlier[len(content) :], base + distance) == places


@given(PAYLOADS, BASES, st.data())
def test_damage_costs_only_the_frames_it_touches(payloads: list[bytes], base: int, data: st.DataObject) -> None:
    content, places = written(payloads, base)
    start = data.draw(st.integers(0, len(content) - 1))
    noise = data.draw(st.binary(min_size=1, max_size=len(content) - start))
    damaged = content[:start] + noise + content[start + len(noise) :]
    touched = range(start, start + len(noise))
    intact = [
        (place, payload)
        for place, payload in places
        if not set(range(place - base, place - base + len(NO_FRAME) + len(payload))) & set(touched)
    ]
    survivors = found(damaged, base)
    assert [one for one in survivors if one in places] == survivors
    assert [one for one in survivors if one in intact] == intact


@given(PAYLOADS, BASES, st.data())
def test_a_torn_tail_keeps_the_whole_frames_before_it(payloads: list[bytes], base: int, data: st.DataObject) -> None:
    content, places = written(payloads, base)
    cut = data.draw(st.integers(0, len(content)))
    ends = [place - base + len(NO_FRAME) + len(payload) for place, payload in places]
    assert found(content[:cut] + bytes(100), base)[: sum(end <= cut for end in ends)] == [
        one for one, end in zip(places, ends, strict=True) if end <= cut
    ]


@given(st.binary(max_size=30))
def test_a_payload_that_looks_like_a_frame_is_a_payload(text: bytes) -> None:
    inner = header(0, text or b"x") + (text or b"x")
    content, places = written([MAGIC + inner, b"next"], 1000)
    assert found(content, 1000) == places
