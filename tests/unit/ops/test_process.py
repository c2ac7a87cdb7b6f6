"""Programs end when they should, and are not taken for others."""

import os
import signal
import subprocess
import sys

import pytest

from ops.embedded.process import Program, ProgramFailedError, end, is_alive, started_at
from tests.eventually import eventually

PYTHON = [sys.executable, "-I", "-S", "-c"]
PARENT = """
import sys
from pathlib import Path
from ops.embedded.process import Program
sleep = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"]
child = Program(sleep, log=Path(sys.argv[1]))
print(child.pid, flush=True)
sys.stdin.read()
"""

HOLDING = """
from ops.embedded.process import await_release
print("loaded", flush=True)
await_release()
print("begins")
"""


def test_what_a_program_writes_is_in_its_log(tmp_path) -> None:
    program = Program([*PYTHON, "print('基层')"], log=tmp_path / "deep" / "it.log")
    assert program.wait(10)
    assert program.exit_code == 0
    assert (tmp_path / "deep" / "it.log").read_text() == "基层\n"


def test_a_program_that_ends_before_it_is_ready_is_reported_with_its_last_words(tmp_path) -> None:
    program = Program([*PYTHON, "import sys; sys.exit('no disk')"], log=tmp_path / "it.log")
    with pytest.raises(ProgramFailedError, match="no disk"):
        program.await_ready(lambda: False, what="it", seconds=10)


def test_a_frozen_program_can_be_stopped(tmp_path) -> None:
    program = Program([*PYTHON, "import time; time.sleep(60)"], log=tmp_path / "it.log")
    program.signal(signal.SIGSTOP)
    program.stop(5)
    assert program.exit_code == -signal.SIGTERM


async def test_a_held_program_goes_on_when_it_is_released(tmp_path) -> None:
    log = tmp_path / "it.log"
    program = Program([sys.executable, "-c", HOLDING], log=log, held=True)

    async def has_loaded() -> bool:
        return log.read_text() != ""

    await eventually(has_loaded)
    assert log.read_text() == "loaded\n"
    assert program.running
    program.release()
    assert program.wait(10)
    assert log.read_text() == "loaded\nbegins\n"


def test_a_held_program_ends_without_beginning_when_nobody_can_release_it(tmp_path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HOLDING], input="", capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, "loaded\n")


def test_releasing_a_program_that_ended_meanwhile_is_no_failure(tmp_path) -> None:
    program = Program([*PYTHON, ""], log=tmp_path / "it.log", held=True)
    assert program.wait(10)
    program.release()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children only on Linux")
async def test_a_program_ends_when_its_parent_is_killed(tmp_path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "it.log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(parent.stdout.readline())
    assert started_at(pid)
    parent.kill()
    parent.communicate()

    async def gone() -> bool:
        return started_at(pid) is None

    await eventually(gone)


def test_a_reused_pid_is_not_taken_for_the_program_that_had_it() -> None:
    mark = started_at(os.getpid())
    assert is_alive(os.getpid(), mark)
    assert not is_alive(os.getpid(), f"{mark}0")


def test_ending_spares_a_process_with_another_mark() -> None:
    assert end(os.getpid(), "another", signal.SIGKILL, seconds=0.1)


def test_ending_waits_until_the_process_is_gone(tmp_path) -> None:
    program = Program([*PYTHON, "import time; time.sleep(60)"], log=tmp_path / "it.log")
    assert end(program.pid, started_at(program.pid), signal.SIGTERM, seconds=5)
    assert program.exit_code == -signal.SIGTERM


def test_a_log_that_grew_large_is_turned_over_once(tmp_path) -> None:
    log = tmp_path / "it.log"
    with log.open("wb") as file:
        file.truncate(33 << 20)
    Program([*PYTHON, "print('new')"], log=log).wait(10)
    assert log.read_text() == "new\n"
    assert (tmp_path / "it.old.log").stat().st_size == 33 << 20
