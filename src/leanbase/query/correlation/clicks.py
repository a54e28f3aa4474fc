"""The elements of a click, read back from the text they are stored as."""

import re
from typing import Any

_ELEMENT = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*")+')
_BEFORE_ATTRIBUTES = re.compile(r'(?P<head>.*?)(?::(?P<written>[\w-]+=".*)|:?$)', re.DOTALL)  # classes may hold colons
_ATTRIBUTE = re.compile(r'(?P<name>[^="]+)="(?P<value>(?:[^"\\]|\\.)*)"')


def elements_of(chain: str) -> list[dict[str, Any]]:
    """PostHog's objects of an ``elements_chain``, the clicked element first; ``order`` counts from it."""
    return [_element(found.group(), order) for order, found in enumerate(_ELEMENT.finditer(chain))]


def _element(text: str, order: int) -> dict[str, Any]:
    parts = _BEFORE_ATTRIBUTES.match(text)
    head, written = (parts["head"], parts["written"]) if parts else (text, "")
    tag, *classes = head.split(".")
    attributes = {found["name"]: found["value"].replace('\\"', '"') for found in _ATTRIBUTE.finditer(written or "")}
    return {
        "tag_name": tag or None,
        "attr_class": classes or None,
        "text": attributes.pop("text", None),
        "href": attributes.pop("href", None),
        "attr_id": attributes.pop("attr_id", None),
        "nth_child": _number(attributes.pop("nth-child", None)),
        "nth_of_type": _number(attributes.pop("nth-of-type", None)),
        "attributes": attributes,
        "order": order,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None
