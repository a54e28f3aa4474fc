"""Ordered and strict funnels inside the engine, step by step over timelines; exactly what the machine says of them.

Held per step is the newest attempt that came so far: the array of those who took the step, filled up to the next. An
attempt takes step k where it is held at k - 1 and the event is within its window. In a strict funnel a place of another
event holds nothing. An exclusion of the segment to k empties what is held at k - 1 until a newer attempt arrives;
whoever then comes to k from there, came furthest and was excluded. The path of the result is the earliest chain from
its entry.
Measured on 1 million events, three steps: 1.5 times ``windowFunnel``, which knows no times; the machine in Python takes
nine times as long. The cost grows by one pass over the arrays per step.
"""

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import NONE, Timelines, shifted

_FAR = 1 << 62


def ordered_outcomes(funnel: FunnelQuery, lines: Timelines, window: str) -> str:
    """A SELECT of (actor, chosen, depth, times, intricate): how far everybody came (0: excluded), and when.

    ``window`` is SQL of the window in microseconds; as many of the times count as the depth says.
    """
    return _times(funnel, lines, _depths(funnel, lines, window))


def _kept(lines: Timelines) -> str:
    names = ["actor", "chosen", "ats", "did"]
    return ", ".join(names + ["spoilt"] * lines.spoils + ["intricate"] * lines.intricate)


def _spoils(funnel: FunnelQuery, step: int) -> bool:
    """Whether anything is excluded on the way to the step."""
    return any(exclusion.from_step + 1 < step <= exclusion.to_step + 1 for exclusion in funnel.exclusions)


def _depths(funnel: FunnelQuery, lines: Timelines, window: str) -> str:
    """Rows with ``depth`` and ``t1``, the beginning of the attempt that counts."""
    kept, last = _kept(lines), funnel.step_count
    first = f"arrayMap((at, d) -> if({lines.is_step(1)}, at, {NONE}), ats, did) AS taken1"
    text = f"SELECT {kept}, {first} FROM ({lines.text})"
    known: list[str] = []
    for step in range(1, last + 1):
        # Numbered names: within one SELECT a name must not be both a column of before and one of now.
        columns = [
            *known,
            f"{_entry(funnel, lines, step, window)} AS entry{step}",
            f"arrayExists(x -> x != {NONE}, taken{step}) AS took{step}",
        ]
        known += [f"entry{step}", f"took{step}"]
        if step < last:
            text = _next_taken(funnel, lines, step + 1, window, text, columns)
            if _spoils(funnel, step + 1):
                known.append(f"lost{step + 1}")
        else:
            text = f"SELECT {kept}, {', '.join(columns)} FROM ({text})"
    came = {step: f"took{step}" + (f" OR lost{step}" if _spoils(funnel, step) else "") for step in range(2, last + 1)}
    depth = ", ".join(f"{came[step]}, if(entry{step} = {NONE}, 0, {step})" for step in range(last, 1, -1))
    start = ", ".join(f"{came[step]}, entry{step}" for step in range(last, 1, -1))
    return (
        f"SELECT {kept}, multiIf({depth}, if(entry1 = {NONE}, 0, 1)) AS depth, multiIf({start}, entry1) AS t1"
        f" FROM ({text})"
    )


def _entry(funnel: FunnelQuery, lines: Timelines, step: int, window: str) -> str:
    """SQL of the beginning of the first attempt that took the step and stayed clean; :data:`NONE` for none."""
    taken = f"taken{step}"
    if step < funnel.step_count and _spoils(funnel, step + 1):
        # An exclusion after it and within its window spoils an attempt that came no further.
        next_spoilt = (
            f"arrayReverseFill((x, s) -> bitTest(s, {step}),"
            f" arrayMap((at, s) -> if(bitTest(s, {step}), at, {_FAR}), ats, spoilt), spoilt)"
        )
        taken = (
            f"arrayMap((x, held, n) -> if(x != {NONE} AND x != held AND n - x > {window}, x, {NONE}),"
            f" {taken}, {shifted(_held(funnel, lines, step))}, {next_spoilt})"
        )
    return f"ifNull(arrayFirstOrNull(x -> x != {NONE}, {taken}), {NONE})"


def _held(funnel: FunnelQuery, lines: Timelines, step: int) -> str:
    """SQL of the attempts held at the step after each event."""
    if funnel.order == "strict":
        return f"arrayFill((x, d) -> x != {NONE} OR NOT {lines.is_step(step)}, taken{step}, did)"
    return f"arrayFill(x -> x != {NONE}, taken{step})"


def _next_taken(funnel: FunnelQuery, lines: Timelines, step: int, window: str, text: str, columns: list[str]) -> str:
    """The SELECT that knows who took the step (and with exclusions whether somebody spoilt did)."""
    kept, earlier = _kept(lines), step - 1
    fits = f"{lines.is_step(step)} AND held != {NONE} AND at - held <= {window}"
    held = _held(funnel, lines, earlier)
    held = shifted(held) if funnel.order == "strict" else lines.before(held)
    if not _spoils(funnel, step):
        taken = f"arrayMap((at, d, held) -> if({fits}, held, {NONE}), ats, did, {held})"
        return f"SELECT {kept}, {', '.join(columns)}, {taken} AS taken{step} FROM ({text})"
    arrived = (
        f"arrayMap((x, held) -> if(x = held, {NONE}, x), taken{earlier}, {shifted(_held(funnel, lines, earlier))})"
    )
    clean = lines.before(f"arrayFill((x, s) -> x != {NONE} OR bitTest(s, {step - 1}), {arrived}, spoilt)")
    text = f"SELECT {kept}, {', '.join(columns)}, {held} AS held{earlier}, {clean} AS clean{earlier} FROM ({text})"
    names = ", ".join(column.rpartition(" AS ")[2] for column in columns)
    taken = (
        f"arrayMap((at, d, held, clean) -> if({fits} AND clean != {NONE}, held, {NONE}),"
        f" ats, did, held{earlier}, clean{earlier})"
    )
    text = f"SELECT {kept}, {names}, held{earlier}, clean{earlier}, {taken} AS taken{step} FROM ({text})"
    lost = (
        f"arrayExists((at, d, held, clean, done) -> {fits} AND clean = {NONE} AND done != held,"
        f" ats, did, held{earlier}, clean{earlier}, arrayFill(x -> x != {NONE}, taken{step}))"
    )
    return f"SELECT {kept}, {names}, {lost} AS lost{step}, taken{step} FROM ({text})"


def _times(funnel: FunnelQuery, lines: Timelines, text: str) -> str:
    """Follow the chain from the entry: each step at the earliest event after the one before."""
    last = funnel.step_count
    known = "depth, t1"
    if not lines.single:
        text = f"SELECT *, arrayFirstIndex((at, d) -> at = t1 AND {lines.is_step(1)}, ats, did) AS p1 FROM ({text})"
        known += ", p1"
    for step in range(2, last + 1):
        before = step - 1
        if lines.single:
            found = f"arrayFirst((at, d) -> {lines.is_step(step)} AND at >= t{before}, ats, did)"
            columns = f"if(depth >= {step}, {found}, t{before}) AS t{step}"
            added = f", t{step}"
        else:
            found = f"arrayFirstIndex((d, n) -> {lines.is_step(step)} AND n > p{before}, did, arrayEnumerate(did))"
            columns = f"if(depth >= {step}, {found}, p{before}) AS p{step}, ats[p{step}] AS t{step}"
            added = f", p{step}, t{step}"
        text = f"SELECT {_kept(lines)}, {known}, {columns} FROM ({text})"
        known += added
    times = ", ".join(f"t{step}" for step in range(1, last + 1))
    intricate = "intricate" if lines.intricate else "0 AS intricate"
    return f"SELECT actor, chosen, toInt64(depth) AS depth, [{times}] AS times, {intricate} FROM ({text})"
