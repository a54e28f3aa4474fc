import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.store.client import Limits, Store, StoreError
from leanbase.store.embedded import EmbeddedStore
from leanbase.store.migrate import migrate, migrations
from leanbase.store.native import EncodingError
from leanbase.store.overrides import rebuild_overrides, reload_overrides
from leanbase.store.sql import Sql

LIMITS = Limits(seconds=5, memory_bytes=1 << 28, rows=100)
HOUR = 1_700_000_000_000_000


def event_columns(count: int, **given: object) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {
        "project_id": [1] * count,
        "event": ["$pageview"] * count,
        "timestamp": [HOUR + n for n in range(count)],
        "distinct_id": [f"d{n}" for n in range(count)],
        "person_id": [UUID(int=n) for n in range(count)],
        "uuid": [uuid4() for _ in range(count)],
        "properties": ["{}"] * count,
        "inserted_at": [HOUR] * count,
    }
    columns.update({name: [value] * count for name, value in given.items()})
    return columns


def one(store: Store, text: str, **binds: object) -> object:
    return store.query(Sql(text, binds), LIMITS).rows[0][0]


def test_a_repeated_token_changes_nothing(store: Store) -> None:
    columns = event_columns(5)
    store.insert("events", columns, "events:0-5")
    store.insert("events", columns, "events:0-5")
    assert one(store, "SELECT count() FROM events") == 5


def test_a_repeat_fills_only_the_partitions_that_are_missing(store: Store) -> None:
    # An insert is atomic per partition, not per statement: the state after a crash between the first and the second of
    # twelve partitions is the same as that of an insert of the first one's rows.
    months = [int(datetime(2024, month, 3, tzinfo=UTC).timestamp()) * 1_000_000 for month in range(1, 13)]
    columns = event_columns(12) | {"timestamp": months}
    store.insert("events", {name: values[:1] for name, values in columns.items()}, "t")
    store.insert("events", columns, "t")
    assert one(store, "SELECT count() FROM events") == 12
    assert one(store, "SELECT uniqExact(uuid) FROM events") == 12


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    person = uuid4()
    store.insert("events", event_columns(1, distinct_id="é😀\t'\\", person_id=person, properties='{"a":1.0}'), "t")
    answer = store.query(Sql("SELECT distinct_id, person_id, properties, timestamp FROM events"), LIMITS)
    moment = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert answer.rows == [("é😀\t'\\", person, '{"a":1.0}', moment)]
    assert answer.columns == ("distinct_id", "person_id", "properties", "timestamp")
    assert answer.rows_read == 1
    assert answer.bytes_read > 0


@given(text=st.text(), items=st.lists(st.text(), max_size=3))
@settings(max_examples=60, deadline=None)
def test_binds_are_values_never_sql(engine: Store, text: str, items: list[str]) -> None:
    row = engine.query(Sql("SELECT {a:String}, {b:Array(String)}", {"a": text, "b": items}), LIMITS).rows[0]
    assert row == (text, items)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT nope", 47),
        ("SELECT * FROM numbers(1000)", 396),
        ("SELECT count() FROM numbers(100000000000) WHERE NOT ignore(cityHash64(number))", 159),
        ("SELECT uniqExact(number) FROM numbers(500000000)", 241),
    ],
)
def test_refusals_have_the_number_of_the_engine(engine: Store, text: str, code: int) -> None:
    with pytest.raises(StoreError) as caught:
        engine.query(Sql(text), Limits(seconds=2 if code != 159 else 0.2, memory_bytes=100 << 20, rows=100))
    assert caught.value.code == code
    assert one(engine, "SELECT 1") == 1


def test_a_running_query_is_cancelled_by_its_tag(engine: Store) -> None:
    failures: list[StoreError] = []

    def run() -> None:
        try:
            engine.query(
                Sql("SELECT count() FROM numbers(10000000000000) WHERE NOT ignore(cityHash64(number))"), tag="q:1"
            )
        except StoreError as problem:
            failures.append(problem)

    thread = threading.Thread(target=run)
    thread.start()
    while not engine.cancel("q:1"):
        assert thread.is_alive()
    thread.join()
    assert [problem.code for problem in failures] == [394]
    assert engine.cancel("q:1") is False


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({"pk": [1]}, "no column 'pk'"),
        ({"project_id": [-1]}, "project_id"),
        ({"project_id": [1], "event": ["a", "b"]}, "different lengths"),
        ({"person_id": ["no"]}, "person_id"),
    ],
)
def test_values_that_do_not_fit_are_named(store: Store, columns: dict[str, list[object]], part: str) -> None:
    with pytest.raises(EncodingError, match=part):
        store.insert("events", columns, "t")
    assert one(store, "SELECT count() FROM events") == 0


def test_a_second_opener_is_refused_with_a_reason(engine: Store, tmp_path: Path) -> None:
    assert isinstance(engine, EmbeddedStore)
    with pytest.raises(StoreError, match="another process"):
        EmbeddedStore(engine._path)


def test_migrations_run_once_and_say_what_they_do(engine: Store) -> None:
    assert migrate(engine) == []
    numbers = [migration.number for migration in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))
    for migration in migrations():
        for word in ("-- Why:", "-- Cost:", "-- Blocking:", "-- Check:"):
            assert word in migration.text, f"{migration.name} does not state {word}"


def test_queries_count_by_the_person_of_today(store: Store) -> None:
    first, second, third = uuid4(), uuid4(), uuid4()
    rebuild_overrides(store)
    columns = event_columns(2) | {"person_id": [first, second]}
    store.insert("events", columns, "t")
    count = "SELECT uniqExact(dictGetOrDefault('person_override', 'new_pk', pk, pk)) FROM events"
    assert one(store, count) == 2
    override = {"project_id": [1], "old_person_id": [first], "new_person_id": [second], "version": [1]}
    store.insert("person_overrides", override, "o1")
    reload_overrides(store)
    assert one(store, count) == 1
    override |= {"new_person_id": [third], "version": [2]}
    store.insert("person_overrides", override, "o2")
    reload_overrides(store)
    assert (
        one(
            store,
            "SELECT dictGetOrDefault('person_override', 'new_person_id', pk, person_id) FROM events "
            "WHERE person_id = {p:UUID}",
            p=first,
        )
        == third
    )
    store.command(Sql("TRUNCATE TABLE person_overrides"))
    rebuild_overrides(store)
    assert one(store, count) == 2


def test_the_sort_key_is_used(store: Store) -> None:
    store.insert("events", event_columns(3), "t")
    plan = store.query(
        Sql(
            "EXPLAIN indexes = 1 SELECT count() FROM events WHERE project_id = 1 AND event = '$pageview' "
            "AND timestamp >= toDateTime64('2023-11-01 00:00:00', 6, 'UTC') AND toDate(timestamp) >= '2023-11-01'"
        )
    )
    text = "\n".join(str(row[0]) for row in plan.rows)
    keys = text[text.index("PrimaryKey") :]
    assert "project_id" in keys
    assert "event" in keys
    assert "toDate(timestamp)" in keys


def test_rows_read_are_those_of_the_tables_and_not_of_the_answer(engine: Store) -> None:
    answer = engine.query(Sql("SELECT count() FROM numbers(1000)"))
    assert (len(answer.rows), answer.rows_read, answer.bytes_read) == (1, 1000, 8000)
