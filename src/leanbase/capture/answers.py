"""What capture answers. v0 SDKs look at the status alone; v1 SDKs also read tags."""

from dataclasses import dataclass, field

import msgspec

Headers = list[tuple[bytes, bytes]]

_JSON = (b"content-type", b"application/json")
_TEXT = (b"content-type", b"text/plain; charset=utf-8")
ERROR_URI = "https://posthog.com/docs/api/capture"


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response but for the CORS headers and the length."""

    status: int
    body: bytes
    headers: Headers = field(default_factory=list[tuple[bytes, bytes]])


OK = Answer(200, b'{"status":"Ok"}', [_JSON])
NO_CONTENT = Answer(204, b"")
OTLP_OK = Answer(200, b"{}", [_JSON])


def json_answer(status: int, body: bytes, headers: Headers | None = None) -> Answer:
    """A JSON response."""
    return Answer(status, body, [_JSON, *(headers or [])])


class Refusal(Exception):
    """A whole request is refused. ``reason`` is a word of the closed list of drops, ``text`` is for the person who
    reads the SDK's log; ``project_id`` is 0 when the token was not known yet; ``count`` is the number of events lost.
    """

    def __init__(self, status: int, reason: str, text: str, project_id: int = 0, count: int = 1) -> None:
        super().__init__(text)
        self.status = status
        self.reason = reason
        self.text = text
        self.project_id = project_id
        self.count = count

    def answer(self) -> Answer:
        """Short plain text, as v0 SDKs expect. 503 asks to come back."""
        headers: Headers = [_TEXT]
        if self.status == 503:
            headers.append((b"retry-after", b"1"))
        return Answer(self.status, self.text.encode(), headers)


class V1Refusal(Refusal):
    """The same on v1, where ``reason`` is the protocol's tag."""

    def answer(self) -> Answer:
        body = msgspec.json.encode(
            {"error": self.reason, "error_description": self.text, "error_uri": f"{ERROR_URI}#{self.reason}"}
        )
        headers: Headers = [_JSON, (b"accept", b"application/json"), (b"accept-encoding", b"gzip, deflate, br, zstd")]
        if self.status in (408, 429) or self.status >= 500:
            headers.append((b"retry-after", b"1"))
        return Answer(self.status, body, headers)
