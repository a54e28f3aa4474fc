"""What a query can be refused for. ``api`` shows it in PostHog's error shape."""


class QueryError(Exception):
    """A query that cannot be answered. ``detail`` is for the person who asked: what was wrong, where, what to do.

    ``code`` and ``attr`` (the place inside the query, such as ``properties.0.value``) are for programs; ``status`` is
    the HTTP status, ``kind`` PostHog's error type.
    """

    def __init__(
        self,
        detail: str,
        code: str = "invalid_input",
        attr: str | None = None,
        status: int = 400,
        kind: str = "validation_error",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.attr = attr
        self.status = status
        self.kind = kind
