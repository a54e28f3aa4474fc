"""The questions of the benchmark of insights as one writes them for DuckDB over Parquet with typed columns.

Same meaning as the product's answers: by today's person, days and weeks in UTC. Funnels count people only; the product
answers conversion times too. Each text is the fastest of the forms that were tried.
"""

from dataclasses import dataclass

DAY = 86_400_000_000  # microseconds
_GAP = 30 * 60 * 1_000_000

# Times are exported as microseconds: DuckDB needs an extension for time zones, and integers are the fastest it reads.
_PERSON = "coalesce(o.new_pk, e.pk)"
_JOINED = "events e LEFT JOIN overrides o ON o.old_pk = e.pk"


@dataclass(frozen=True, slots=True)
class Range:
    """Days: the first microsecond and the number of days."""

    begin: int
    days: int

    @property
    def end(self) -> int:
        return self.begin + self.days * DAY

    def where(self, before: int = 0) -> str:
        """The condition of the range, begun ``before`` days earlier."""
        return f"e.ts >= {self.begin - before * DAY} AND e.ts < {self.end}"

    def day(self, step: int = 1, before: int = 0) -> str:
        """The number of the day (or of ``step`` days); division rounds to zero, so no number may be below it."""
        return f"((e.ts - {self.begin - before * DAY}) // {step * DAY} - {before})"


def total(over: Range, extra: str = "true") -> str:
    return (
        f"SELECT {over.day()} AS day, count(*) FROM events e"
        f" WHERE e.event = '$pageview' AND {over.where()} AND {extra} GROUP BY day"
    )


def unique(over: Range) -> str:
    return (
        f"SELECT {over.day()} AS day, count(DISTINCT {_PERSON}) FROM {_JOINED}"
        f" WHERE e.event = '$pageview' AND {over.where()} GROUP BY day"
    )


def weekly_active(over: Range) -> str:
    """Who is active on a day counts until seven days later or the next activity: each day one +1 and one -1."""
    days = (
        f"SELECT DISTINCT {_PERSON} AS p, {over.day(before=6)} AS day FROM {_JOINED}"
        f" WHERE e.event = '$pageview' AND {over.where(6)}"
    )
    spans = (
        "SELECT greatest(day, 0) AS first,"
        f" least(day + 7, coalesce(lead(day) OVER (PARTITION BY p ORDER BY day), 999)) AS after FROM ({days})"
    )
    steps = (
        f"SELECT first AS day, 1 AS step FROM ({spans}) WHERE after > first"
        f" UNION ALL SELECT after, -1 FROM ({spans}) WHERE after > first"
    )
    sums = f"SELECT day, sum(step) AS step FROM ({steps}) GROUP BY day"
    return f"SELECT day, sum(step) OVER (ORDER BY day) FROM ({sums}) QUALIFY day < {over.days}"


def breakdown(over: Range, column: str, value: str = "count(*)", source: str = "events e") -> str:
    return (
        f"SELECT e.{column}, {over.day()} AS day, {value} FROM {source}"
        f" WHERE e.event = '$pageview' AND {over.where()} GROUP BY e.{column}, day"
    )


def unique_breakdown(over: Range, column: str) -> str:
    return breakdown(over, column, f"count(DISTINCT {_PERSON})", _JOINED)


def funnel(over: Range, steps: list[str], window_days: int, extra: str = "true") -> str:
    """People by the furthest step: the newest attempt at each step, carried along by window functions."""
    window = window_days * DAY
    names = ", ".join(f"'{name}'" for name in steps)
    number = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(steps, 1))
    text = (
        f"SELECT {_PERSON} AS p, e.ts AS ts, CASE e.event {number} END AS step FROM {_JOINED}"
        f" WHERE e.event IN ({names}) AND {over.where()} AND {extra}"
    )
    rows = "OVER (PARTITION BY p ORDER BY ts, step ROWS UNBOUNDED PRECEDING)"
    text = f"SELECT *, max(CASE WHEN step = 1 THEN ts END) {rows} AS t1 FROM ({text})"
    for step in range(2, len(steps) + 1):
        taken = f"CASE WHEN step = {step} AND ts - t{step - 1} <= {window} THEN t{step - 1} END"
        text = f"SELECT *, max({taken}) {rows} AS t{step} FROM ({text})"
    counts = ", ".join(f"count(d{step})" for step in range(1, len(steps) + 1))
    depths = ", ".join(f"max(t{step}) AS d{step}" for step in range(1, len(steps) + 1))
    return f"SELECT {counts} FROM (SELECT p, {depths} FROM ({text}) GROUP BY p)"


def retention(over: Range) -> str:
    weeks = over.days // 7
    people = (
        f"SELECT {_PERSON} AS p, bit_or((1::BIGINT << ({over.day(7)})::INTEGER)) AS seen FROM {_JOINED}"
        f" WHERE e.event = '$pageview' AND {over.where()} GROUP BY p"
    )
    alike = f"SELECT seen, count(*) AS people FROM ({people}) GROUP BY seen"
    return (
        f"SELECT i, j - i, sum(people) FROM ({alike}), range({weeks}) a(i), range({weeks}) b(j)"
        " WHERE j >= i AND (seen >> i::INTEGER) & 1 = 1 AND (seen >> j::INTEGER) & 1 = 1 GROUP BY ALL"
    )


def paths(over: Range, steps: int = 5, edges: int = 50) -> str:
    items = (
        f"SELECT {_PERSON} AS p, e.ts AS ts,"
        " CASE WHEN length(u) > 1 AND ends_with(u, '/') THEN left(u, length(u) - 1) ELSE u END AS item"
        " FROM (SELECT pk, ts, coalesce(current_url, '') AS u FROM events e"
        f" WHERE e.event = '$pageview' AND {over.where()}) e LEFT JOIN overrides o ON o.old_pk = e.pk"
    )
    before = (
        "SELECT *, lag(ts) OVER w AS prior, lag(item) OVER w AS prior_item FROM ("
        f"{items}) WINDOW w AS (PARTITION BY p ORDER BY ts, item)"
    )
    runs = (
        f"SELECT *, prior IS NULL OR ts - prior >= {_GAP} AS fresh, sum(CASE WHEN prior IS NULL OR ts - prior >= {_GAP}"
        f" THEN 1 ELSE 0 END) OVER (PARTITION BY p ORDER BY ts, item ROWS UNBOUNDED PRECEDING) AS run FROM ({before})"
    )
    kept = f"SELECT p, run, ts, item FROM ({runs}) WHERE fresh OR item != prior_item"
    places = (
        "SELECT item, row_number() OVER w AS i, lead(item) OVER w AS following, lead(ts) OVER w - ts AS took"
        f" FROM ({kept}) WINDOW w AS (PARTITION BY p, run ORDER BY ts, item)"
    )
    return (
        "SELECT i || '_' || item AS source, (i + 1) || '_' || following AS target, count(*) AS value, avg(took)"
        f" FROM ({places}) WHERE following IS NOT NULL AND i < {steps} GROUP BY ALL"
        f" ORDER BY value DESC, source, target LIMIT {edges}"
    )


def stickiness(over: Range) -> str:
    people = (
        f"SELECT {_PERSON} AS p, bit_count(bit_or((1::BIGINT << ({over.day()})::INTEGER))) AS days FROM {_JOINED}"
        f" WHERE e.event = '$pageview' AND {over.where()} GROUP BY p"
    )
    return f"SELECT days, count(*) FROM ({people}) GROUP BY days"


def lifecycle(over: Range) -> str:
    days = (
        f"SELECT DISTINCT {_PERSON} AS p, {over.day(before=1)} AS day FROM {_JOINED}"
        f" WHERE e.event = '$pageview' AND {over.where(1)} AND e.person_mode != 'propertyless'"
    )
    around = (
        "SELECT p, day, lag(day) OVER w AS before, lead(day) OVER w AS following FROM ("
        f"{days}) WINDOW w AS (PARTITION BY p ORDER BY day)"
    )
    status = (
        f"CASE WHEN floor((c.created - {over.begin}) / {DAY}) = day THEN 'new' WHEN before = day - 1 THEN 'returning'"
        " ELSE 'resurrecting' END"
    )
    return (
        f"SELECT * FROM (SELECT {status} AS status, day, count(*) FROM ({around}) a LEFT JOIN persons c ON c.pk = a.p"
        " GROUP BY ALL UNION ALL"
        " SELECT 'dormant', day + 1, count(*) FROM ("
        f"{around}) WHERE following IS NULL OR following > day + 1 GROUP BY ALL)"
        f" WHERE day BETWEEN 0 AND {over.days - 1}"
    )
