from leanbase.auth.scopes import allows, unknown


def test_writing_includes_reading_and_nothing_else() -> None:
    assert allows(["insight:write"], "insight:read") and allows(["insight:write"], "insight:write")
    assert not allows(["insight:read"], "insight:write")
    assert not allows(["insight:write"], "dashboard:read")
    assert allows(["*"], "anything:write")
    assert not allows([], "insight:read")


def test_unknown_scopes_are_found() -> None:
    assert unknown(["insight:read", "*"]) is None
    assert unknown(["insight:read", "insight:delete"]) == "insight:delete"
    assert unknown(["nothing:read"]) == "nothing:read"
    assert unknown([":read"]) == ":read"
