"""Whose events they are: the form of a token, and the project behind it."""

from typing import Protocol

from leanbase.capture.limits import MAX_TOKEN


class Tokens(Protocol):
    """Where tokens are known."""

    def project_id_of(self, token: str) -> int | None:
        """The project of a token, None for an unknown one."""
        ...


class TokenUnknown(Exception):
    """The token has a wrong form, or no project has it; the message is for the client."""


def project_of(token: str, tokens: Tokens) -> int:
    """The project id of a token as sent. Raises :class:`TokenUnknown`."""
    token = token.strip()
    # Only a token of a possible form is looked up; what exactly is wrong with one matters once it is refused.
    project_id = tokens.project_id_of(token) if token.isascii() and 0 < len(token) <= MAX_TOKEN else None
    if project_id is None:
        raise TokenUnknown(f"project API key invalid: {_fault(token) or 'no project has it'}")
    return project_id


def _fault(token: str) -> str | None:
    """PostHog's word for what is wrong with a token."""
    if not token:
        return "empty"
    if len(token.encode("utf-8", "replace")) > MAX_TOKEN:
        return "too_long"
    if not token.isascii():
        return "not_ascii"
    if token.startswith("phx_"):
        return "personal_api_key"
    if "\x00" in token:
        return "null_byte"
    return None
