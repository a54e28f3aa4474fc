"""What SDKs read: remote config, scripts, definitions of flags, and the rest of a page's start-up."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def sdk_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "posthog-js"
    folder.mkdir()
    (folder / "VERSION").write_text("1.2.3\n")
    (folder / "array.js").write_text("the sdk")
    (folder / "surveys.js").write_text("surveys")
    (folder / "integrity.json").write_text("{}")
    (tmp_path / "secret.js").write_text("secret")
    return folder


@pytest.fixture
def world(make_world, sdk_dir: Path):
    return make_world(sdk_dir=sdk_dir)


@pytest.fixture
def sdk(world):
    return world.client()


@pytest.fixture
def token(world) -> str:
    return world.credentials.project_api_key


def test_remote_config_follows_the_settings(sdk, client, token: str) -> None:
    config = sdk.get(f"/array/{token}/config").json()
    assert config["token"] == token and "gzip-js" in config["supportedCompression"]
    assert config["autocapture_opt_out"] is False and config["elementsChainAsString"] is True
    assert config["analytics"] == {"endpoint": "/i/v0/e/"} and config["sessionRecording"] is False
    client.patch(
        "/api/projects/1/",
        json={
            "session_recording_opt_in": True,
            "session_recording_sample_rate": "0.25",
            "session_recording_linked_flag": {"id": 1, "key": "beta"},
            "autocapture_opt_out": True,
            "heatmaps_opt_in": False,
        },
    )
    changed = sdk.get(f"/array/{token}/config").json()
    assert changed["autocapture_opt_out"] is True and changed["heatmaps"] is False
    recording = changed["sessionRecording"]
    assert (recording["endpoint"], recording["sampleRate"], recording["linkedFlag"]) == ("/s/", "0.25", "beta")
    client.patch("/api/projects/1/", json={"session_recording_sample_rate": "1"})
    assert sdk.get(f"/array/{token}/config").json()["sessionRecording"]["sampleRate"] is None


def test_remote_config_as_a_script(sdk, client, token: str) -> None:
    client.patch("/api/projects/1/", json={"autocapture_web_vitals_allowed_metrics": ["</script>\u2028"]})
    script = sdk.get(f"/array/{token}/config.js")
    assert script.headers["content-type"].startswith("application/javascript")
    assert "public" in script.headers["cache-control"]
    assert "</script>" not in script.text and "\u2028" not in script.text
    assignment, _, config = script.text.partition("={config:")
    assert assignment == f'(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}})["{token}"]'
    assert json.loads(config.removesuffix(",siteApps:[]};"))["token"] == token
    whole = sdk.get(f"/ingest/array/{token}/array.js").text
    assert whole == script.text + "\nthe sdk"


@pytest.mark.parametrize("name", ["config", "config.js", "array.js"])
def test_an_unknown_token(sdk, name: str) -> None:
    assert sdk.get(f"/array/phc_unknown/{name}").status_code == 404


def test_the_toolbar_is_our_own(make_world, tmp_path) -> None:
    """posthog-js asks for it with its own version first, then without."""
    (tmp_path / "toolbar.js").write_text("ours")
    sdk = make_world(toolbar_dir=tmp_path).client()
    answer = sdk.get("/ingest/static/toolbar.js?v=9.9.9&t=1", headers={"Origin": "https://shop.example"})
    assert (answer.text, answer.headers["access-control-allow-origin"]) == ("ours", "https://shop.example")
    assert answer.headers["cache-control"] == "no-cache"


def test_scripts(sdk) -> None:
    ours = sdk.get("/static/1.2.3/surveys.js")
    assert (ours.status_code, ours.text) == (200, "surveys")
    assert "immutable" in ours.headers["cache-control"]
    assert sdk.get("/static/9.9.9/surveys.js").status_code == 404, "posthog-js then asks without the version"
    fallback = sdk.get("/static/surveys.js?v=9.9.9")
    assert fallback.status_code == 200 and "immutable" not in fallback.headers["cache-control"]
    assert "immutable" in sdk.get("/static/surveys.js?v=1.2.3").headers["cache-control"]
    assert sdk.get("/ingest/static/array.js").text == "the sdk"
    assert sdk.get("/static/integrity.json").headers["content-type"] == "application/json"
    assert sdk.get("/static/array.js").headers["content-type"].startswith("application/javascript")
    for path in ("/static/none.js", "/static/..%2fsecret.js", "/static/1.2.3/..%2fsecret.js", "/static/VERSION"):
        assert "secret" not in sdk.get(path).text
        assert sdk.get(path).status_code == 404 or "text/html" in sdk.get(path).headers["content-type"]


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("/api/surveys/", {"surveys": []}),
        ("/api/early_access_features/", {"earlyAccessFeatures": []}),
        ("/api/product_tours/", {"product_tours": []}),
        ("/api/web_experiments/", {"experiments": []}),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/ingest", "/a/b"])
def test_start_up(sdk, token: str, path: str, empty: object, prefix: str) -> None:
    for spelled in (path, path.rstrip("/")):
        answer = sdk.get(f"{prefix}{spelled}?token={token}&_=1790000000000&ip=0&ver=1.2.3")
        assert (answer.status_code, answer.json()) == (200, empty)
    assert sdk.get(f"{prefix}{path}?token=phc_unknown").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/flags/?v=2",
        "/decide/?v=3",
        "/array/TOKEN/config",
        "/array/phc_unknown/config.js",
        "/static/array.js",
        "/static/9.9.9/array.js",
        "/api/surveys/?token=phc_unknown",
        "/ingest/api/early_access_features/?token=TOKEN",
    ],
)
def test_every_page_may_read_also_errors(sdk, token: str, path: str) -> None:
    asking = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "content-type, x-odd"}
    path = path.replace("TOKEN", token)
    for answer in (sdk.get(path, headers=asking), sdk.request("OPTIONS", path, headers=asking)):
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert answer.headers["access-control-allow-methods"] == "GET,POST,OPTIONS"
        assert answer.headers["access-control-allow-headers"] == "content-type, x-odd"
        assert "Origin" in answer.headers["vary"]
    assert sdk.request("OPTIONS", path, headers=asking).status_code == 200


def test_no_page_may_read_the_management_api(sdk, client) -> None:
    answer = client.get("/api/projects/1/", headers={"Origin": "https://shop.example"})
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/flags/definitions?token=TOKEN&send_cohorts",
        "/api/feature_flag/local_evaluation/?token=TOKEN&send_cohorts",
        "/api/feature_flag/local_evaluation",
        "/ingest/flags/definitions?token=TOKEN",
    ],
)
def test_definitions_of_flags(world, client, token: str, path: str) -> None:
    path = path.replace("TOKEN", token)
    with world.context.state.write() as connection:
        connection.execute("INSERT INTO group_types VALUES (1, 0, 'company', NULL, NULL, 1)")
    found = client.get(path)
    assert found.status_code == 200
    assert found.json()["flags"] == [] and found.json()["group_type_mapping"] == {"0": "company"}
    assert found.headers["cache-control"] == "private, must-revalidate"
    tag = found.headers["etag"]
    for form in (tag, tag.removeprefix("W/"), tag.removeprefix("W/").strip('"')):
        unchanged = client.get(path, headers={"If-None-Match": form})
        assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_may_read_definitions_of_flags(world, client, token: str) -> None:
    path = f"/flags/definitions?token={token}"
    assert world.client().get(path).status_code == 401
    assert world.client("phx_wrong").get(path).status_code == 401
    assert world.client(token).get(path).status_code == 401, "the public token is no key"
    assert world.client(world.stranger_key()).get(path).status_code == 404
    assert world.client(world.key_with("insight:read")).get(path).status_code == 403
    assert world.client(world.key_with("feature_flag:read")).get(path).status_code == 200
    secret = client.get("/api/projects/1/").json()["secret_api_token"]
    assert world.client(secret).get(path).status_code == 200
    assert world.client(secret).get("/flags/definitions").status_code == 200
    assert world.client(secret).get("/flags/definitions?token=phc_other").status_code == 404
    assert world.client("phs_wrong").get(path).status_code == 401
    assert world.client(secret).get("/api/projects/1/").status_code == 401, "it opens nothing else"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_remote_config_flag_that_is_not_there(world, client, token: str, slash: str) -> None:
    path = f"/api/projects/@current/feature_flags/banner/remote_config{slash}?token={token}"
    assert client.get(path).status_code == 404
    assert world.client().get(path).status_code == 401
