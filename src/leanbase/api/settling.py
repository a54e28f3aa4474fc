"""Reads of what the pipeline writes wait for the turn whose events can be seen already."""

from leanbase.api.context import Context


def settled(context: Context) -> None:
    """A dependency: once an event is visible to queries, what it did to persons, groups and warnings can be read."""
    if context.persons is not None:
        context.persons.settle()
