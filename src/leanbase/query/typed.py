"""The text of a property as the type of its definition. What does not fit is NULL."""

from leanbase.query.binder import Binder


def typed(text: str, property_type: str | None, timezone: str, binder: Binder) -> str:
    """SQL of a property's text (Nullable(String)) as Numeric, Boolean or DateTime; other types stay text."""
    match property_type:
        case "Numeric":
            return f"toFloat64OrNull({text})"
        case "Boolean":
            return f"multiIf({text} = 'true', true, {text} = 'false', false, NULL)"
        case "DateTime":
            return as_time(text, timezone, binder)
        case _:
            return text


def as_time(text: str, timezone: str, binder: Binder) -> str:
    """SQL of a text as Nullable(DateTime64(6)): ISO forms, or seconds or milliseconds since 1970.

    A text without a zone is in the project's.
    """
    zone = binder(timezone, "String")
    return f"parseDateTime64BestEffortOrNull({text}, 6, {zone})"
