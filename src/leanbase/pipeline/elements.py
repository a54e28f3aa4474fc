"""The clicked element and those around it, as one text that queries can match (PostHog's format).

Elements are joined by ``;``, the clicked one first. One element is its tag, ``.class`` for each class in order of the
alphabet, ``:``, and attributes in order of their names, each ``name="value"`` without anything between them.
"""

from typing import Any, cast

from leanbase.model.event import Event
from leanbase.pipeline.turn import Turn

_MAX_TEXT = 400  # characters of an element's text
_MAX_HREF = 2048


def build_chains(events: list[Event], turn: Turn) -> list[Event]:  # noqa: ARG001
    """Fill ``elements_chain`` from ``$elements_chain`` (taken as it is) or ``$elements``; both leave the properties."""
    for event in events:
        properties = event.properties
        if "$elements_chain" in properties or "$elements" in properties:
            properties = event.touch()
            ready = properties.pop("$elements_chain", None)
            elements = properties.pop("$elements", None)
            if isinstance(ready, str) and ready:
                event.elements_chain = ready
            elif isinstance(elements, list):
                event.elements_chain = chain(cast("list[Any]", elements))
    return events


def chain(elements: list[Any]) -> str:
    """The text of a ``$elements`` array. What is no object in it is passed over."""
    return ";".join(_element(cast("dict[str, Any]", one)) for one in elements if isinstance(one, dict))


def _element(element: dict[str, Any]) -> str:
    attributes: dict[str, str] = {
        "nth-child": _number(element.get("nth_child")),
        "nth-of-type": _number(element.get("nth_of_type")),
    }
    for key, value in element.items():
        if key.startswith("attr__"):
            attributes[key] = _plain(value)
    text, href = element.get("$el_text"), element.get("attr__href")
    if text:
        attributes["text"] = _plain(text)[:_MAX_TEXT]
    if href:
        attributes["href"] = _plain(href)[:_MAX_HREF]
    if element.get("attr__id"):
        attributes["attr_id"] = _plain(element["attr__id"])
    tag = element.get("tag_name")
    classes = "".join(f".{name}" for name in sorted(_classes(element.get("attr__class"))))
    written = "".join(f'{name}="{_escaped(value)}"' for name, value in sorted(attributes.items()))
    return f"{_plain(tag) if tag else ''}{classes}:{written}"


def _classes(value: Any) -> list[str]:
    names = cast("list[Any]", value) if isinstance(value, list) else _plain(value).split(" ") if value else []
    return [name for name in (_plain(one).replace('"', "") for one in names) if name]


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else "0"


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(_plain(one) for one in cast("list[Any]", value))
    return "" if value is None else str(value)


def _escaped(value: str) -> str:
    return value.replace('"', '\\"')
