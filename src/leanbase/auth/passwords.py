"""Passwords as argon2 hashes."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 8
MAX_LENGTH = 1024  # longer ones only cost time

_hasher = PasswordHasher()  # argon2id with the library's parameters, which follow RFC 9106


class WeakPassword(ValueError):
    """The password cannot be taken; the message says why."""


def hash_password(password: str) -> str:
    """The hash to store. Raises :class:`WeakPassword`."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password needs {MIN_LENGTH} to {MAX_LENGTH} characters.")
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether this is the password. Without a hash the same work is done, so that time does not tell who exists."""
    known = password_hash or _hash_of_nobody()
    try:
        right = len(password) <= MAX_LENGTH and _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        right = False
    return right and password_hash is not None


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("the password of nobody")
