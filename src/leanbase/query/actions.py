"""When an event matches an action: any of its steps, all conditions of a step."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leanbase.query.elements import element_text, has_tag, matches_selector
from leanbase.query.patterns import is_valid_pattern

if TYPE_CHECKING:
    from leanbase.query.scope import EventScope


def action_condition(scope: "EventScope", steps: Sequence[Mapping[str, Any]], path: str) -> str:
    """The condition of an action's steps (PostHog's JSON). No steps, or a step without conditions, match everything."""
    if not steps:
        return "1"
    parts = [_step(scope, step, f"{path}.steps.{number}") for number, step in enumerate(steps)]
    return parts[0] if len(parts) == 1 else "(" + " OR ".join(parts) + ")"


def _step(scope: "EventScope", step: Mapping[str, Any], path: str) -> str:
    conditions: list[str] = []
    event = step.get("event")
    if event:
        conditions.append(f"{scope.column('event')} = {scope.binder(str(event), 'String')}")
    if event == "$autocapture":  # only these events carry elements; on others PostHog ignores the conditions
        conditions += _elements(scope, step)
    if step.get("url"):
        url = f"ifNull({scope.property('event', '$current_url', typed=False)}, '')"
        conditions.append(_text(scope, url, str(step["url"]), str(step.get("url_matching") or "contains"), like=True))
    properties = scope.filters(step.get("properties"), f"{path}.properties")
    if properties != "1":
        conditions.append(properties)
    if not conditions:
        return "1"
    return "(" + " AND ".join(conditions) + ")"


def _elements(scope: "EventScope", step: Mapping[str, Any]) -> list[str]:
    chain = scope.column("elements_chain")
    conditions: list[str] = []
    if step.get("selector"):
        conditions.append(matches_selector(chain, str(step["selector"]), scope.binder))
    if step.get("tag_name"):
        conditions.append(has_tag(chain, str(step["tag_name"]), scope.binder))
    if step.get("href"):
        href = f"ifNull({element_text(chain, 'href')}, '')"
        conditions.append(_text(scope, href, str(step["href"]), str(step.get("href_matching") or "exact")))
    if step.get("text"):
        one = _text(scope, "t", str(step["text"]), str(step.get("text_matching") or "exact"))
        conditions.append(f"arrayExists(t -> {one}, {element_text(chain, 'text')})")
    return conditions


def _text(scope: "EventScope", text: str, wanted: str, matching: str, *, like: bool = False) -> str:
    """One comparison of a text. ``like``: ``contains`` is that of URLs, which counts case and knows % and _."""
    if matching == "exact":
        return f"{text} = {scope.binder(wanted, 'String')}"
    if matching == "regex":
        if not is_valid_pattern(wanted, scope.ctx):
            return "0"
        return f"match({text}, {scope.binder(wanted, 'String')})"
    if like:
        return f"{text} LIKE {scope.binder(f'%{wanted}%', 'String')}"
    return f"positionCaseInsensitiveUTF8({text}, {scope.binder(wanted, 'String')}) > 0"
