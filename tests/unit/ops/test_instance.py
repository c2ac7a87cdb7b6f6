"""A data folder is ours, is held by one, and is never deleted by mistake."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops.embedded.instance import Instance, InstanceError, Running, State, myself, require_free
from ops.embedded.process import started_at


@pytest.fixture
def instance(tmp_path):
    instance = Instance(tmp_path / "data")
    instance.claim()
    yield instance
    instance.release()


def test_a_folder_can_be_claimed_once(instance) -> None:
    with pytest.raises(InstanceError, match="in use"):
        Instance(instance.folder).claim()


def test_a_released_folder_can_be_claimed_again(instance) -> None:
    instance.release()
    again = Instance(instance.folder)
    again.claim()
    again.release()


def test_a_folder_with_files_of_others_is_refused(tmp_path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    with pytest.raises(InstanceError, match="not of Jiceng"):
        Instance(tmp_path).claim()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InstanceError, match="cannot be written"):
        Instance(tmp_path / "data").claim()


def test_a_path_where_no_folder_can_be_is_refused() -> None:
    with pytest.raises(InstanceError, match="cannot be written"):
        Instance(Path("/dev/null/data")).claim()


def test_wiping_leaves_an_empty_folder_of_ours(instance) -> None:
    (instance.postgres / "base").mkdir(parents=True)
    (instance.folder / "run.json").write_text("{}")
    instance.wipe()
    assert {path.name for path in instance.folder.iterdir()} == {".jiceng-data", "lock"}


def test_the_state_survives_writing_and_only_its_owner_reads_it(instance) -> None:
    state = State(
        supervisor=myself(),
        port_base=8100,
        environment={"JICENG_NATS_URL": "nats://127.0.0.1:8122"},
        processes={"bases": Running(os.getpid(), "1", 8103, 2)},
    )
    instance.write(state)
    assert instance.read() == state
    assert (instance.folder / "run.json").stat().st_mode & 0o077 == 0


def test_nothing_runs_behind_the_state_of_a_dead_supervisor(instance) -> None:
    instance.write(State(supervisor=Running(os.getpid(), "another"), port_base=8100))
    assert instance.running() is None


def test_orphans_are_ended_and_strangers_spared(instance) -> None:
    orphan = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    processes = {
        "bases": Running(orphan.pid, started_at(orphan.pid)),
        "projector": Running(os.getpid(), "another"),
    }
    instance.write(State(Running(1, "another"), 8100, processes=processes))
    assert instance.end_orphans() == ["bases"]
    assert orphan.wait() == -signal.SIGTERM
    assert instance.read() is None


def test_a_damaged_state_file_is_named_and_does_not_hinder_the_next_start(instance) -> None:
    (instance.folder / "run.json").write_text("{")
    with pytest.raises(InstanceError, match=r"run\.json"):
        instance.read()
    assert instance.end_orphans() == []
    assert instance.read() is None


def test_a_taken_port_is_named_with_the_variable_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InstanceError, match=rf"port {port} \(bases\).*JICENG_PORT_BASE"):
            require_free("127.0.0.1", [("bases", port)])
