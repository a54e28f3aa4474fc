"""What happens to events between the log and their persons: named functions, in order.

Each takes events of a turn and returns those that go on; what it leaves out it counts (``Turn.drop``). The first sees
all of the turn at once, the others some of it at a time.
"""

from collections.abc import Callable

from leanbase.model.event import Event
from leanbase.pipeline.cookieless import name_cookieless
from leanbase.pipeline.elements import build_chains
from leanbase.pipeline.enrich import add_address, add_sent_at, hide_addresses, read_session
from leanbase.pipeline.filters import drop_repeated, drop_unwanted
from leanbase.pipeline.geoip import add_country
from leanbase.pipeline.heatmaps import split_heatmaps
from leanbase.pipeline.lift import lift_person_properties
from leanbase.pipeline.turn import Turn

Step = Callable[[list[Event], Turn], list[Event]]

# Events that go through the steps together: a turn of 10,000 is some 30 MB of objects, and each step would fetch them
# from memory again. Measured for 11 steps: 2.3 us an event with the whole turn at once, 1.7 with 250 to 1,000.
_TOGETHER = 1_000

STEPS: tuple[Step, ...] = (
    drop_repeated,  # first: a repeated event must change nothing, not even a person
    drop_unwanted,
    add_address,
    name_cookieless,  # needs the address
    split_heatmaps,
    read_session,
    add_sent_at,
    lift_person_properties,
    add_country,
    hide_addresses,  # after all that need the address
    build_chains,
)


def run_steps(events: list[Event], turn: Turn, steps: tuple[Step, ...] = STEPS) -> list[Event]:
    """The events that are left after all steps."""
    left: list[Event] = []
    events = steps[0](events, turn) if events else events
    for start in range(0, len(events), _TOGETHER):
        some = events[start : start + _TOGETHER]
        for step in steps[1:]:
            if not some:
                break
            some = step(some, turn)
        left += some
    return left
