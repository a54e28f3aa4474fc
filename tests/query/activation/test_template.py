"""The dashboard template: every tile answers, and says what is true of planted data."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leanbase.dashboards.activation_template import ACTIVATION
from leanbase.dashboards.template_list import TEMPLATES, find_template
from leanbase.dashboards.templates import Template, TemplateProblem, filled
from leanbase.query.context import QueryContext
from leanbase.query.hogql.functions import aggregate_name
from leanbase.query.kinds import RUNNERS

Insert = Callable[..., None]
Make = Callable[..., QueryContext]
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def sixty(insert_events: Insert) -> None:
    """60 began 40 days ago. 30 pay on 3 days of their first week and come back a week later, 30 do neither."""
    rows: list[dict[str, Any]] = []
    chance = random.Random(5)
    for number in range(60):
        start = NOW - timedelta(days=40, minutes=number)
        who = f"p{number}"
        rows.append({"event": "open", "distinct_id": who, "timestamp": start})
        rows += [
            {"event": "yawn", "distinct_id": who, "timestamp": start + timedelta(days=chance.choice([2, 9]))}
            for _ in range(chance.choice([0, 1]))
        ]
        if number % 2:
            rows += [
                {"event": "pay", "distinct_id": who, "timestamp": start + timedelta(days=d, hours=1)} for d in (0, 1, 2)
            ]
            rows.append({"event": "open", "distinct_id": who, "timestamp": start + timedelta(days=8)})
    insert_events(1, rows)


def tile(name: str, ctx: QueryContext) -> Any:
    events = ACTIVATION.chosen({"VALUE": "pay", "RETURN": "open"})
    found = next(item for item in ACTIVATION.tiles if item.name == name)
    source = filled(found.query, events)["source"]
    return RUNNERS[source["kind"]](ctx, source)["results"]


@pytest.mark.usefixtures("sixty")
def test_activation_funnels(ctx: Make) -> None:
    for name in ("Activation: got value once", "Activation: got value 3 times"):
        assert [tile(name, ctx(now=NOW))[place]["count"] for place in (0, -1)] == [60, 30]


@pytest.mark.usefixtures("sixty")
def test_sql_tiles(ctx: Make) -> None:
    weeks = tile("Activation: got value on 3 days", ctx(now=NOW))
    assert (sum(row[1] for row in weeks), sum(row[2] for row in weeks)) == (60, 30)
    kept = {row[0]: row for row in tile("Retention: activated and not", ctx(now=NOW))}
    assert list(kept["activated"][1:3]) == [30, 1.0]
    assert kept["not activated"][1] == 30
    assert kept["not activated"][2] < 0.6  # some yawn in week 1


@pytest.mark.usefixtures("sixty")
def test_the_finder_finds_it(ctx: Make) -> None:
    best = tile("Find my activation metric", ctx(now=NOW))[0]
    assert best["event"] == "pay"
    assert best["significant"]
    assert sum(sum(line["data"]) for line in tile("North Star", ctx(now=NOW))) >= 30


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda item: item.id)
@pytest.mark.usefixtures("sixty")
def test_every_tile_answers_as_it_comes(ctx: Make, template: Template) -> None:
    for item in template.tiles:
        source = filled(item.query, template.chosen({}))["source"]
        assert "results" in RUNNERS[source["kind"]](ctx(now=NOW), source), item.name


def test_tiles_do_not_overlap() -> None:
    for template in TEMPLATES:
        places = [layout["sm"] for layout in template.layouts()]
        cells = [(x, y["y"]) for y in places for x in range(y["x"], y["x"] + y["w"])]
        assert len(cells) == len(set(cells))
        assert max(x for x, _ in cells) < 12


def test_values_are_checked() -> None:
    assert find_template("ACTIVATION") is ACTIVATION
    assert find_template("nothing") is None
    with pytest.raises(TemplateProblem):
        ACTIVATION.chosen({"OTHER": "x"})
    with pytest.raises(TemplateProblem):
        ACTIVATION.chosen({"VALUE": None})


def test_array_aggregates_take_a_condition() -> None:
    assert aggregate_name("groupUniqArrayIf") == "groupUniqArrayIf"
    assert aggregate_name("grouparrayif") == "groupArrayIf"
    assert aggregate_name("avgArrayIf") == "avgArrayIf"
    assert aggregate_name("If") is None
