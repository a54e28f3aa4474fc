"""The web app's files and pages."""


def test_every_page_is_the_start_page_with_a_strict_policy(world) -> None:
    browser = world.client()
    for path in ("/", "/sql", "/project/1/insights/abc", "/login"):
        page = browser.get(path)
        assert page.status_code == 200 and "the app" in page.text
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
        assert page.headers["x-content-type-options"] == "nosniff"


def test_files_are_served_and_nothing_outside_the_folder(world) -> None:
    folder = world.context.web_dir
    (folder / "assets").mkdir()
    (folder / "assets" / "app-1a2b.js").write_text("1")
    (folder.parent / "secret.js").write_text("secret")
    browser = world.client()
    script = browser.get("/assets/app-1a2b.js")
    assert "javascript" in script.headers["content-type"] and "immutable" in script.headers["cache-control"]
    assert browser.get("/assets/gone.js").status_code == 404
    for path in ("/../secret.js", "/%2e%2e/secret.js", "/..%2fsecret.js", "/assets/..%2f..%2fsecret.js"):
        assert "secret" not in browser.get(path).text


def test_without_a_build_it_says_so(make_world, tmp_path) -> None:
    page = make_world(web_dir=tmp_path / "none").client().get("/")
    assert page.status_code == 200 and "not built" in page.text
