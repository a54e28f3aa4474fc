"""A property reads the same whether it has a column or not, and as the JSON says."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leanbase.query.binder import Binder
from leanbase.store.client import Store
from leanbase.store.promotion import Promotion
from leanbase.store.properties import PromotedProperties, promoted_columns, property_exists, property_text
from leanbase.store.sql import Sql

KEYS = ["$browser", "a.b", "it's", 'quo"te', "back\\slash", "ключ", "", " ", "`tick`", "new\nline", "{b0:String}", "😀"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["", "null", "true", "0", '"', "{}", "\\", "\x00"])
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner), max_leaves=5
)


def insert(store: Store, objects: list[dict[str, Any]]) -> None:
    count = len(objects)
    store.insert(
        "events",
        {
            "project_id": [1] * count,
            "event": ["e"] * count,
            "timestamp": [1_700_000_000_000_000 + n for n in range(count)],
            "person_id": [UUID(int=1)] * count,
            "properties": [json.dumps(one, ensure_ascii=False) for one in objects],
        },
        str(uuid4()),
    )


def all_texts(store: Store, keys: list[str], promoted: PromotedProperties | None) -> list[tuple[str | None, ...]]:
    bind = Binder()
    columns = [property_text("properties", key, bind, "e", promoted) for key in keys]
    answer = store.query(bind.sql(f"SELECT {', '.join(columns)} FROM events AS e ORDER BY e.timestamp"))
    assert set(answer.types) == {"Nullable(String)"}
    return answer.rows


def texts(store: Store, key: str, promoted: PromotedProperties | None) -> list[str | None]:
    return [row[0] for row in all_texts(store, [key], promoted)]


def numbers_as_floats(value: Any) -> Any:
    """JSON does not tell 54363783766695430 from 5.436378376669543e16."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, list):
        return [numbers_as_floats(one) for one in value]
    return {key: numbers_as_floats(one) for key, one in value.items()} if isinstance(value, dict) else value


@pytest.fixture(scope="module")
def promoted(engine: Store) -> PromotedProperties:
    """Every key of KEYS has a column."""
    registry = PromotedProperties()
    job = Promotion(engine, registry, sleep=lambda _: None)
    registry.refresh(engine)
    for key in KEYS:
        if ("properties", key) not in {(column.source, column.key) for column in registry.all()}:
            job.promote("properties", key)
    return registry


@given(objects=st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=6), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_promotion_changes_no_answer(
    engine: Store, promoted: PromotedProperties, objects: list[dict[str, Any]]
) -> None:
    engine.command(Sql("TRUNCATE TABLE events"))
    insert(engine, objects)
    assert all(promoted.column("properties", key) for key in KEYS)
    assert all_texts(engine, KEYS, promoted) == all_texts(engine, KEYS, None)


@given(objects=st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=6), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_text_of_a_property(engine: Store, objects: list[dict[str, Any]]) -> None:
    engine.command(Sql("TRUNCATE TABLE events"))
    insert(engine, objects)
    for row, given_object in zip(all_texts(engine, KEYS, None), objects, strict=True):
        for key, told in zip(KEYS, row, strict=True):
            value = given_object.get(key)
            if value is None or isinstance(value, str):
                assert told == value
            else:
                assert told is not None
                assert numbers_as_floats(json.loads(told)) == numbers_as_floats(value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"k": "a\\"b\\u00e9"}', 'a"bé'),
        ('{"k": 1.0}', "1"),
        ('{"k": 12345678901234567890123}', "12345678901234567890123"),
        ('{"k": true}', "true"),
        ('{"k": null}', None),
        ("{}", None),
        ('{"k": ""}', ""),
        ('{"k": {"b" : 1, "a": [1, null]}}', '{"b":1,"a":[1,null]}'),
        ('{"k": []}', "[]"),
    ],
)
def test_forms_of_values(store: Store, text: str, told: str | None) -> None:
    store.insert("events", {"project_id": [1], "properties": [text]}, "t")
    assert texts(store, "k", None) == [told]


def test_rows_of_before_the_promotion_are_filled(store: Store) -> None:
    insert(store, [{"late": "x"}, {"late": None}, {}, {"late": 5}])
    registry = PromotedProperties()
    before = texts(store, "late", None)
    job = Promotion(store, registry, asked_often=3, sleep=lambda _: None)
    assert job.run() == []
    for _ in range(3):
        texts(store, "late", registry)
    assert job.run() == [("properties", "late")]
    column = registry.column("properties", "late")
    assert column
    assert [row[0] for row in store.query(Sql(f"SELECT {column} FROM events ORDER BY timestamp")).rows] == before
    assert texts(store, "late", registry) == before == ["x", None, None, "5"]


def test_a_promotion_that_was_interrupted_is_finished_by_the_next_run(store: Store) -> None:
    insert(store, [{"half": "x"}])

    class Crash(Exception):
        pass

    class Stops(Promotion):
        def _fill(self, source: Any, key: str) -> None:
            raise Crash

    with pytest.raises(Crash):
        Stops(store, PromotedProperties()).promote("properties", "half")
    registry = PromotedProperties()
    registry.refresh(store)
    assert registry.column("properties", "half") is None
    assert ("properties", "half") in Promotion(store, registry, sleep=lambda _: None).run()
    assert registry.column("properties", "half")
    assert texts(store, "half", registry) == ["x"]


def test_hot_properties_have_columns_from_the_start(store: Store) -> None:
    hot = {column.key for column in promoted_columns(store)}
    assert {"$browser", "$os", "$current_url", "$pathname", "utm_source", "$lib", "$geoip_country_code"} <= hot


def test_null_is_told_from_missing(store: Store) -> None:
    insert(store, [{"k": None}, {}, {"k": ""}])
    bind = Binder()
    text = property_exists("properties", "k", bind)
    assert [row[0] for row in store.query(bind.sql(f"SELECT {text} FROM events ORDER BY timestamp")).rows] == [1, 0, 1]
