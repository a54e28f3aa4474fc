"""Every address of the API answers 405 to methods it does not have, in PostHog's words."""

import re

from fastapi.routing import iter_route_contexts

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def has_of(world) -> dict[str, set[str]]:
    """The methods of every path, also of those that the document leaves out; names in braces make no other path."""
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(world.app.routes):
        if route.path and route.methods:
            found.setdefault(re.sub(r"\{\w+\}", "1", route.path), set()).update(route.methods)
    return found


def test_methods_that_a_route_does_not_have(world, client) -> None:
    has = has_of(world)
    assert len(has) > 100
    for path, methods in has.items():
        for method in METHODS:
            if method in methods:
                continue
            answer = client.request(method, path)
            assert answer.status_code == 405, f"{method} {path}: {answer.status_code} {answer.text}"
            assert answer.json() == {
                "type": "invalid_request",
                "code": "method_not_allowed",
                "detail": f'Method "{method}" not allowed.',
                "attr": None,
            }
            assert answer.headers["allow"] == ", ".join(sorted(methods)), path


def test_what_has_no_route_is_not_found(client) -> None:
    for path in ("/api/", "/api/nothing/", "/api/projects/1/nothing/", "/api/projects//"):
        assert client.put(path, json={}).status_code == 404, path


def test_under_the_older_prefix_and_a_proxy_prefix(client) -> None:
    for path in ("/api/environments/1/insights/", "/api/environments/@current/persons/values", "/ingest/flags"):
        assert client.put(path, json={}).status_code == 405, path
