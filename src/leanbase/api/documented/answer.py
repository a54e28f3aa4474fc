"""What every documented answer is made of. These models describe; nothing is checked by them when answering."""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict


def _closed(schema: dict[str, Any]) -> None:
    """Types made of the document must not take a misspelt field for one of the unnamed."""
    schema.pop("additionalProperties", None)


class Answer(BaseModel):
    """An object that a route answers. It may have more fields than are named: PostHog's clients know those."""

    model_config = ConfigDict(extra="allow", strict=True, json_schema_extra=_closed)


Row = TypeVar("Row")


class Page(Answer, Generic[Row]):
    """A page of a list whose rows are counted."""

    count: int
    next: str | None
    previous: str | None
    results: list[Row]


class Part(Answer, Generic[Row]):
    """A page of a list whose rows are not counted."""

    next: str | None
    previous: str | None
    results: list[Row]
