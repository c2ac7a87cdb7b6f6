"""Who falls is started again, less and less eagerly, and people are told."""

import signal
import sys
from pathlib import Path

import pytest

from ops.embedded.process import Program, ProgramFailedError
from ops.embedded.supervisor import (
    LONGEST_PAUSE_S,
    SETTLED_S,
    Supervisor,
    describe_exit,
    stop_together,
)

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(60)"
)


class Child:
    """A real program, with what it does when asked."""

    def __init__(self, log: Path, code: str = SLEEP) -> None:
        self.log, self.code = log, code
        self.program: Program | None = None
        self.launch_fails = False

    def launch(self) -> None:
        if self.launch_fails:
            raise ProgramFailedError("no such program")
        self.program = Program([sys.executable, "-I", "-S", "-c", self.code], log=self.log)

    def is_ready(self) -> bool:
        return self.program is not None and self.program.running

    def stop(self, seconds: float = 5) -> None:
        if self.program is not None:
            self.program.stop(seconds)


class Watch:
    """A supervisor on a clock that we turn."""

    def __init__(self) -> None:
        self.now = 0.0
        self.said: list[str] = []
        self.changes = 0
        self.supervisor = Supervisor(say=self.said.append, changed=self.count, now=lambda: self.now)

    def count(self) -> None:
        self.changes += 1

    def after(self, seconds: float) -> None:
        self.now += seconds
        self.supervisor.watch()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def child(tmp_path, watch):
    child = Child(tmp_path / "child.log")
    child.launch()
    watch.supervisor.adopt("bases", child)
    yield child
    child.stop(0)


def test_a_running_child_is_left_alone(watch, child) -> None:
    pid = child.program.pid
    watch.after(1)
    assert (child.program.pid, watch.said, watch.changes) == (pid, [], 0)


def test_a_killed_child_is_started_again_after_a_pause_and_said_so(watch, child) -> None:
    first = child.program.pid
    child.program.kill()
    watch.after(0.1)
    assert watch.said == ["bases was killed by SIGKILL; starting it again in 0.5 s"]
    assert not child.program.running
    watch.after(0.6)
    assert child.program.running
    assert child.program.pid != first
    watch.after(0.1)
    assert watch.said[-1] == "bases is ready again"
    assert watch.changes == 1


def test_the_pause_doubles_up_to_its_limit_and_is_forgiven_after_a_long_run(watch, child) -> None:
    pauses = []
    for _ in range(9):
        child.program.kill()
        watch.after(0.1)
        pauses.append(float(watch.said[-1].split()[-2]))
        watch.after(LONGEST_PAUSE_S + 1)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    watch.after(SETTLED_S + 1)
    child.program.kill()
    watch.after(0.1)
    assert watch.said[-1].endswith("in 0.5 s")


def test_a_child_that_cannot_be_started_is_tried_again(watch, child) -> None:
    child.program.kill()
    watch.after(0.1)
    child.launch_fails = True
    watch.after(1)
    assert "bases could not be started: no such program" in watch.said
    child.launch_fails = False
    watch.after(5)
    assert child.program.running


def test_stopping_waits_for_all_and_kills_the_deaf(tmp_path) -> None:
    polite, deaf = Child(tmp_path / "polite.log"), Child(tmp_path / "deaf.log", STUBBORN)
    for each in (polite, deaf):
        each.launch()
    deaf.program.await_ready(lambda: "deaf" in deaf.log.read_text(), what="deaf", seconds=10)
    stop_together([polite, deaf], seconds=0.3)
    assert polite.program.exit_code == -signal.SIGTERM
    assert deaf.program.exit_code == -signal.SIGKILL


def test_hurry_cuts_the_wait_short(tmp_path) -> None:
    deaf = Child(tmp_path / "deaf.log", STUBBORN)
    deaf.launch()
    deaf.program.await_ready(lambda: "deaf" in deaf.log.read_text(), what="deaf", seconds=10)
    stop_together([deaf], seconds=600, hurry=lambda: True)
    assert not deaf.program.running


@pytest.mark.parametrize(
    ("code", "said"),
    [(0, "ended with code 0"), (3, "ended with code 3"), (-9, "was killed by SIGKILL")],
)
def test_an_exit_is_told_in_words(code, said) -> None:
    assert describe_exit(code) == said
