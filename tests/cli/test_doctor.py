"""What the doctor finds, and what it tells the operator to do."""

import os
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from leanbase.cli.doctor import examine
from leanbase.cli.main import main
from leanbase.config import Settings
from leanbase.server.folders import FolderInUse, Folders


def findings(settings: Settings) -> dict[str, tuple[bool, str]]:
    return {finding.what: (finding.ok, finding.detail) for finding in examine(settings)}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(data_dir=tmp_path / "data", port=port)


def test_a_fresh_machine_is_well_and_nothing_is_made(settings: Settings) -> None:
    assert all(ok for ok, _ in findings(settings).values())
    assert not settings.data_dir.exists()


def test_a_taken_port_is_named(settings: Settings) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", settings.port))
        holder.listen()
        ok, detail = findings(settings)["port"]
    assert not ok and str(settings.port) in detail and "--port" in detail


def test_a_folder_that_others_can_read_is_named_with_the_cure(settings: Settings) -> None:
    Folders(settings.data_dir).make()
    settings.data_dir.chmod(0o755)
    ok, detail = findings(settings)["data folder"]
    assert not ok and "chmod 700" in detail


def test_a_broken_database_is_named(settings: Settings) -> None:
    folders = Folders(settings.data_dir)
    folders.make()
    folders.state_database.write_bytes(b"not a database at all" * 100)
    ok, detail = findings(settings)["databases"]
    assert not ok and "state.sqlite" in detail


def test_a_running_server_is_no_fault_nor_is_its_port(settings: Settings) -> None:
    folders = Folders(settings.data_dir)
    folders.make()
    lock = folders.lock()
    try:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", settings.port))
            holder.listen()
            found = findings(settings)
        assert found["server"][0] and str(os.getpid()) in found["server"][1]
        assert found["port"][0]
        with pytest.raises(FolderInUse, match="--data-dir"):
            folders.lock()
    finally:
        os.close(lock)


def test_the_command_fails_when_something_is_wrong(settings: Settings) -> None:
    arguments = ["doctor", "--data-dir", str(settings.data_dir), "--port", str(settings.port)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", settings.port))
        holder.listen()
        outcome = CliRunner().invoke(main, arguments)
    assert outcome.exit_code == 1 and "FAIL  port" in outcome.output
