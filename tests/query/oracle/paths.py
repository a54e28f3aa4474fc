"""Paths walked naively: every person's items in time order, cut into paths, their links counted."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.query.oracle.trends import World

Step = tuple[datetime, str]
Links = dict[tuple[str, str], tuple[int, float]]  # how often, and the mean milliseconds


def links(world: World, begin: datetime, end: datetime, options: Mapping[str, Any]) -> Links:
    """Every link of the range, by source and target."""
    times: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for person in {world.person(event) for event in world.events}:
        own = [(event.timestamp, event.event) for event in world.events if world.person(event) == person]
        items = [(at, name) for at, name in sorted(own) if begin <= at <= end]
        for path in walks([step for step in items if step[1] not in options.get("excludeEvents", [])]):
            cut = shown(path, options)
            for place in range(len(cut) - 1):
                pair = f"{place + 1}_{cut[place][1]}", f"{place + 2}_{cut[place + 1][1]}"
                times[pair].append((cut[place + 1][0] - cut[place][0]).total_seconds() * 1000)
    return {pair: (len(found), sum(found) / len(found)) for pair, found in times.items()}


def walks(items: list[Step]) -> list[list[Step]]:
    """The paths in one person's items, which are in time order: parted by pauses; of repeats the last one counts."""
    found: list[list[Step]] = []
    last: datetime | None = None
    for at, name in items:
        if last is None or at - last >= timedelta(minutes=30):
            found.append([])
        if found[-1] and found[-1][-1][1] == name:
            found[-1].pop()
        found[-1].append((at, name))
        last = at
    return found


def shown(path: list[Step], options: Mapping[str, Any]) -> list[Step]:
    """The part of a path that is drawn: from the start, to the end, no longer than the limit."""
    limit, start, end = options.get("stepLimit", 5), options.get("startPoint"), options.get("endPoint")
    names = [name for _, name in path]
    if start:
        path = path[names.index(start) :] if start in names else []
        names = [name for _, name in path]
    if not end:
        return path[:limit]
    path = path[: names.index(end) + 1] if end in names else []
    if not start or len(path) <= limit:
        return path[-limit:]
    half = limit // 2
    return [*path[:half], (path[half][0], "..."), *path[-half:]]
