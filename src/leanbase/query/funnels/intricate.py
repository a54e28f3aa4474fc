"""Who is left to the machine, step by step in Python, since playing over arrays takes every event by itself.

In an ordered funnel that is who has, beside different events of the very same microsecond, an event of several steps or
an exclusion; in a strict one who has any two different events at one microsecond; in an unordered one who has an event
of several steps or an exclusion.
"""

import numpy as np

from leanbase.query.funnels.query import FunnelQuery
from leanbase.query.funnels.timelines import Flags, Places, Timelines


def intricate_journeys(funnel: FunnelQuery, lines: Timelines) -> Places:
    """The places of the journeys that arrays do not decide."""
    if lines.single and not funnel.exclusions and funnel.order != "strict":
        return np.empty(0, np.intp)
    several = (
        _whose(lines, lines.did & lines.did - lines.did.dtype.type(1) != 0) if not lines.single else _nobody(lines)
    )
    excluded = _whose(lines, lines.spoilt != 0) if funnel.exclusions else _nobody(lines)
    match funnel.order:
        case "unordered":
            found = several | excluded
        case "strict":
            found = _beside(lines) | several | excluded
        case "ordered":
            found = _beside(lines) & several
            if funnel.viz == "trends":
                found |= excluded
            elif funnel.exclusions:
                found |= _beside(lines) & excluded
                found |= _whose(lines, (lines.did != 0) & (lines.spoilt != 0))
    return np.flatnonzero(found)


def _nobody(lines: Timelines) -> Flags:
    return np.zeros(lines.journeys, np.bool_)


def _whose(lines: Timelines, events: Flags) -> Flags:
    found = _nobody(lines)
    found[lines.who[events]] = True
    return found


def _beside(lines: Timelines) -> Flags:
    """Who has two different events at one time."""
    same = (lines.at[1:] == lines.at[:-1]) & (lines.who[1:] == lines.who[:-1])
    same &= (lines.did[1:] != lines.did[:-1]) | (lines.spoilt[1:] != lines.spoilt[:-1])
    return _whose(lines, np.concatenate([np.zeros(min(1, len(lines.at)), np.bool_), same]))
