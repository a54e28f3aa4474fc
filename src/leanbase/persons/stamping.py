"""What a turn decodes and encodes of persons: either once for the same content, not once an event."""

from collections.abc import Mapping
from typing import Any

from leanbase.persons.properties import encode
from leanbase.persons.record import Person

_REMEMBERED = 5_000  # of each kind; some 25 MB of decoded persons at the most


class Stamps:
    """For one turn. Content is known by its JSON, so a person that changes needs no invalidation."""

    def __init__(self) -> None:
        self._decoded: dict[bytes, dict[str, Any]] = {}
        self._encoded: dict[tuple[bytes, tuple[tuple[str, Any], ...]], bytes] = {}

    def properties(self, person: Person) -> dict[str, Any]:
        """The person's properties as an object. Not to be changed."""
        if person.decoded is not None:
            return person.decoded
        known = self._decoded.get(person.blob)
        if known is None:
            if len(self._decoded) >= _REMEMBERED:
                self._decoded.clear()
            known = self._decoded[person.blob] = person.properties()
        return known

    def changed(self, blob: bytes, properties: Mapping[str, Any], changes: Mapping[str, Any]) -> bytes:
        """The JSON of ``properties`` (whose own JSON is ``blob``) with ``changes``, which the person does not keep.

        Visitors come back to the same few pages, so the same changes are asked for again and again.
        """
        # Only texts are compared: to Python 1, 1.0 and True are one.
        if any(type(value) is not str for value in changes.values()):
            return encode({**properties, **changes})
        key = (blob, tuple(changes.items()))
        known = self._encoded.get(key)
        if known is None:
            if len(self._encoded) >= _REMEMBERED:
                self._encoded.clear()
            known = self._encoded[key] = encode({**properties, **changes})
        return known
