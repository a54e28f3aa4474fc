"""What protects persons from bad ids. Chosen by the operator."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """``warn_distinct_ids``: a person with this many ids raises an ingestion warning, and again at each doubling.

    People have a handful of devices: a hundred ids on one person nearly always means that an application identifies
    everybody by the same id, and a merge is easier to undo now than at a thousand. ``distinct_ids_per_person``: merges
    that would give a person more are refused with a warning; 0 for no limit. ``group_key_length`` is PostHog's.
    """

    warn_distinct_ids: int = 100
    distinct_ids_per_person: int = 0
    group_key_length: int = 400
