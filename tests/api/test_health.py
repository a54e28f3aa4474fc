"""The health page, probes and metrics."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from leanbase.api.disk_use import DiskMeter
from leanbase.store.client import StoreError


class Pipeline:
    last_error = ""

    def events_per_second(self) -> float:
        return 12.5

    def backlog_bytes(self) -> int:
        return 4096

    def lag_seconds(self) -> float:
        return 1.5


@pytest.fixture
def world(make_world):
    return make_world(pipeline=Pipeline(), metrics=(lambda: "leanbase_pipeline_turns_total 3\n",))


@pytest.fixture
def client(world):
    return world.client(world.credentials.personal_api_key)


def drop(world, project: int, reason: str, count: int, day: str | None = None) -> None:
    with world.context.state.write() as connection:
        today = datetime.now(UTC).strftime("%Y-%m-%d")
        connection.execute("INSERT INTO dropped VALUES (?, ?, ?, ?)", (project, day or today, reason, count))
        connection.executemany(
            "INSERT INTO dropped_samples (project_id, reason, received_at, event, distinct_id) VALUES (?, ?, ?, ?, ?)",
            [(project, reason, 0, f"event {number}", "d") for number in range(7)],
        )


def test_health(world, client) -> None:
    drop(world, 1, "duplicate", 9)
    drop(world, 1, "too_old", 3, "2001-01-01")
    drop(world, 2, "theirs", 5)
    world.store.rows = [(10, 4, 2, 1_790_000_000_000_000)]
    health = client.get("/api/projects/1/health/").json()
    assert health["status"] == "ok" and health["problems"] == []
    assert health["accepted"] == {
        "total": 10,
        "last_day": 4,
        "last_hour": 2,
        "newest": "2026-09-21T14:13:20.000000Z",
    }
    assert [(row["reason"], row["count"], len(row["samples"])) for row in health["dropped"]] == [("duplicate", 9, 5)]
    assert health["dropped"][0]["samples"][0]["event"] == "event 6"
    assert health["backlog"] == {"bytes": 4096, "seconds": 1.5} and health["insert_rate"] == 12.5
    assert health["disk"]["kinds"]["application"] > 0 and health["disk"]["free"] > 0
    assert health["versions"]["leanbase"] == "1.2.3"
    assert client.get("/api/projects/1/health/?days=0").status_code == 400


def test_health_is_told_when_the_store_is_in_trouble(world, client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreError(241, "MEMORY_LIMIT_EXCEEDED", "")

    monkeypatch.setattr(world.store, "query", refuse)
    health = client.get("/api/projects/1/health/").json()
    assert health["status"] == "degraded" and health["problems"] == ["event store: MEMORY_LIMIT_EXCEEDED"]


def test_dead_letters(world, client) -> None:
    with world.context.state.write() as connection:
        connection.executemany(
            "INSERT INTO dead_letters (project_id, received_at, reason, detail, payload) VALUES (?, 0, 'broken', ?, ?)",
            [(1, "first", b"\xff<b>"), (1, "second", b"x" * 10_000), (2, "theirs", b"secret")],
        )
    found = client.get("/api/projects/1/health/dead_letters/").json()
    assert [(row["detail"], row["payload_bytes"]) for row in found["results"]] == [("second", 10_000), ("first", 4)]
    assert len(found["results"][0]["payload"]) == 4000
    assert "secret" not in str(found)


def test_probes(make_world) -> None:
    ready = make_world(is_ready=lambda: True).client()
    assert ready.get("/_readiness").status_code == ready.get("/_liveness").status_code == 200
    not_ready = make_world(is_ready=lambda: False).client()
    assert not_ready.get("/_readiness").status_code == 503
    assert not_ready.get("/_liveness").status_code == 200


def test_metrics_are_for_this_machine_or_with_a_key(world, client) -> None:
    drop(world, 1, 'odd "reason"\n', 9)
    anyone = world.client()
    text = anyone.get("/metrics").text
    assert "leanbase_pipeline_turns_total 3" in text and 'leanbase_info{version="1.2.3"} 1' in text
    assert 'leanbase_events_dropped_total{reason="odd \\"reason\\"\\n"} 9' in text
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2
    away = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
    assert anyone.get("/metrics", headers=away).status_code == 401
    assert client.get("/metrics", headers=away).status_code == 200


def test_disk_use_by_kind(tmp_path: Path) -> None:
    (tmp_path / "store" / "deep").mkdir(parents=True)
    (tmp_path / "store" / "deep" / "part").write_bytes(b"x" * 100_000)
    (tmp_path / "state.sqlite-wal").write_bytes(b"x" * 50_000)
    (tmp_path / "credentials.json").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    meter = DiskMeter(tmp_path)
    kinds = meter.measure().kinds
    assert kinds["events"] >= 100_000 and 50_000 <= kinds["persons"] < 100_000 and kinds["other"] > 0
    assert meter.measure() is meter.measure()
