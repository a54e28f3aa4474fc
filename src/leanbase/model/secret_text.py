"""Random texts for keys and tokens, and how they rest: hashed."""

import hashlib
import secrets
import string

ALPHABET = string.ascii_letters + string.digits  # PostHog's keys have no other characters


def random_text(length: int) -> str:
    """Letters and digits from the system's randomness; 43 of them hold 256 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def hash_secret(secret: str) -> str:
    """SHA-256 in hex. Enough for long random secrets; passwords need argon2 (``auth.passwords``)."""
    return hashlib.sha256(secret.encode()).hexdigest()
