"""What the engine plays a funnel on: per person the sorted times of their events, and which steps each of them is.

Everything that plays funnels in the engine takes a few passes over these arrays. That is exact for nearly everybody;
*intricate* is who needs the machine: in an ordered funnel an event of several steps or an exclusion beside different
events of the very same microsecond; in a strict one any two different events at one microsecond; in an unordered one an
event of several steps or an exclusion.
"""

from dataclasses import dataclass

from leanbase.query.binder import Binder
from leanbase.query.context import QueryContext
from leanbase.query.dates import Period
from leanbase.query.funnels.events import selected_events
from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.scope import EventScope

# Each step is a SELECT around the one before. Measured: up to here 0.1 s a step on 1 million events, of which planning
# takes little; at 25 steps planning alone takes 1.8 s, at 60 the parser refuses. Longer funnels go to the machine.
MAX_STEPS = 12
NONE = -(1 << 62)  # no attempt; times are microseconds, also before 1970
_SHORT_KEY_BITS = 9  # beside them 54 bits hold microseconds of 570 years


@dataclass(frozen=True, slots=True)
class Timelines:
    """A SELECT of (actor, chosen, ats, did, and where asked for spoilt and intricate), a row per journey.

    ``did`` are bits of steps, 1 first; ``spoilt`` bits of segments, bit k - 1 for that to step k. ``single`` says that
    no event can be of two steps.
    """

    text: str
    single: bool
    spoils: bool
    intricate: bool

    def is_step(self, step: int, name: str = "d") -> str:
        """SQL: whether an event with these bits is of the step."""
        return f"{name} = {1 << step - 1}" if self.single else f"bitTest({name}, {step - 1})"

    def before(self, array: str, none: str = f"{NONE}") -> str:
        """SQL of what an array has one place earlier. Where events are of one step, that step's own place is empty."""
        return array if self.single else shifted(array, none)


def shifted(array: str, none: str = f"{NONE}") -> str:
    """SQL of an array moved by one place to the right."""
    return f"arrayPopBack(arrayPushFront({array}, {none}))"


def is_playable(funnel: FunnelQuery) -> bool:
    """Whether the engine can play this funnel, for all but the intricate."""
    rules = funnel.rules
    if rules.attributed is not None or rules.optional or funnel.step_count > MAX_STEPS:
        return False
    return funnel.viz != "trends" or funnel.order != "strict"


def timelines(ctx: QueryContext, funnel: FunnelQuery, over: Period, binder: Binder) -> Timelines:
    """The timelines of everybody who entered. Raises :class:`QueryError`."""
    selected = selected_events(ctx, funnel, over, binder)
    steps = funnel.step_count
    single = _steps_are_different_events(ctx, funnel)
    bits = steps + (steps if selected.spoils else 0)
    wide = "toInt128" if bits > _SHORT_KEY_BITS else "toInt64"
    kind = "toInt64(steps)" + (f" + toInt64(spoils) * {1 << steps}" if selected.spoils else "")
    # One number sorts by time and then by step: among events of one time steps are taken in their order.
    text = (
        f"SELECT actor, {selected.chosen} AS chosen, arraySort(groupArray({wide}(at) * {1 << bits} + {kind})) AS keys"
        f" FROM ({selected.text}) GROUP BY {selected.group} HAVING {selected.entered}"
    )
    columns = [
        "actor",
        "chosen",
        f"arrayMap(x -> toInt64(bitShiftRight(x, {bits})), keys) AS ats",
        f"arrayMap(x -> toUInt64(bitAnd(x, {(1 << steps) - 1})), keys) AS did",
    ]
    if selected.spoils:
        columns.append(
            f"arrayMap(x -> toUInt64(bitAnd(bitShiftRight(x, {steps}), {(1 << steps) - 1})), keys) AS spoilt"
        )
    intricate = _intricate(funnel, single)
    if intricate:
        columns.append(f"{intricate} AS intricate")
    return Timelines(f"SELECT {', '.join(columns)} FROM ({text})", single, selected.spoils, bool(intricate))


def intricate_condition(ctx: QueryContext, funnel: FunnelQuery) -> str:
    """SQL over ``ats``, ``did``, ``spoilt`` and ``keys``: whether somebody needs the machine; empty when nobody can."""
    return _intricate(funnel, _steps_are_different_events(ctx, funnel))


def _intricate(funnel: FunnelQuery, single: bool) -> str:
    spoils = bool(funnel.exclusions)
    several = "0" if single else "arrayExists(d -> bitCount(d) > 1, did)"
    excluded = "arrayExists(s -> s != 0, spoilt)" if spoils else "0"
    if funnel.order == "unordered":
        tests = [several, excluded]
    else:
        beside = (
            "arrayExists((a, x, b, y) -> a = b AND x != y,"
            " arrayPopBack(ats), arrayPopBack(keys), arrayPopFront(ats), arrayPopFront(keys))"
        )
        if funnel.order == "strict":
            tests = [beside, several, excluded]
        elif funnel.viz == "trends":
            tests = [f"({beside} AND {several})" if not single else "0", excluded]
        else:
            both = "arrayExists((d, s) -> d != 0 AND s != 0, did, spoilt)" if spoils else "0"
            odd = " OR ".join(test for test in (several, excluded) if test != "0")
            tests = [f"({beside} AND ({odd}))" if odd else "0", both]
    return " OR ".join(test for test in tests if test != "0")


def _steps_are_different_events(ctx: QueryContext, funnel: FunnelQuery) -> bool:
    scope = EventScope(ctx, Binder())
    seen: set[str] = set()
    for node in funnel.series[: funnel.step_count]:
        names = scope.event_names([node])
        if names is None or seen & set(names):
            return False
        seen.update(names)
    return True
