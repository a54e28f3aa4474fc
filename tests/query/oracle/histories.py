"""Random histories: people, merges, time zones around the changes of clocks. What every oracle is asked about."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from leanbase.model.project import Project
from leanbase.query.context import QueryContext
from leanbase.store.client import Store
from tests.query import cases
from tests.query.cases import StoredEvent
from tests.query.oracle.trends import World
from tests.query.session_ids import session_id

PROJECTS = count(50_000)
PEOPLE = ["ann", "bob", "cid", "dee", "eve"]
# Clocks go forward on 10 March in New York, on 31 March in Berlin; back on 3 November and 27 October.
CENTERS = [
    datetime(2024, 3, 10, 6, tzinfo=UTC),
    datetime(2024, 10, 27, 1, tzinfo=UTC),
    datetime(2024, 6, 15, tzinfo=UTC),
]
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]

values = st.sampled_from([None, "", "a", "b", "c", 5, "5", True, 1.5])
minutes = st.integers(-40 * 24 * 4, 40 * 24 * 4).map(
    lambda quarter: timedelta(minutes=15 * quarter, seconds=quarter % 7)
)
bodies = st.fixed_dictionaries(
    {"x": values, "n": st.sampled_from([None, 1, 2.5, "7", "many", -3])},
    optional={
        "y": st.sampled_from(["k", "l"]),
        "$session_id": st.sampled_from(["s1", "s2", "own"]),
        "$group_0": st.sampled_from(["g1", "g2"]),
    },
)


def session_of_the_day(properties: dict[str, Any], moment: datetime) -> dict[str, Any]:
    """Sessions end within a day: what makes them looks no further. Not every id is one that SDKs make."""
    if "$session_id" in properties:
        begin = datetime.combine(moment, time(), UTC)
        own = f"{properties['$session_id']}-{begin.date()}"
        made = own if own.startswith("own") else session_id(own, begin)
        properties = {**properties, "$session_id": made}
    return properties


@st.composite
def worlds(
    draw: st.DrawFn, names: Sequence[str] = ("open", "buy"), when: st.SearchStrategy[timedelta] = minutes
) -> tuple[World, datetime]:
    """A world and the moment around which it lies."""
    center = draw(st.sampled_from(CENTERS))
    events = [
        StoredEvent(
            draw(st.sampled_from(names)),
            name := draw(st.sampled_from(PEOPLE)),
            moment := center + draw(when),
            session_of_the_day(draw(bodies), moment),
            person=name,
            personless=draw(st.integers(0, 9)) == 0,
        )
        for _ in range(draw(st.integers(0, 40)))
    ]
    targets = draw(st.dictionaries(st.sampled_from(PEOPLE[:3]), st.sampled_from(PEOPLE[3:]), max_size=2))
    created = {name: center + draw(minutes) for name in PEOPLE}
    return World(events, targets, created), center


def stored(engine: Store, world: World, zone: str, week_start: int, center: datetime) -> QueryContext:
    """The surroundings of a query about a world, which has a project of its own."""
    project = next(PROJECTS)
    cases.insert_events(engine, project, world.events, f"{project}")
    cases.insert_persons(engine, project, [(name, at, {}) for name, at in world.created.items()], f"{project}")
    cases.insert_overrides(engine, project, world.merges.items(), f"{project}")
    owner = Project(id=project, api_token="phc_x", timezone=zone, week_start_day=week_start)
    return cases.context(engine, owner, center + timedelta(days=3, hours=7))


histories = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
