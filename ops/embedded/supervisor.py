"""Keeps child processes running: whoever ends is started again, after a growing pause."""

import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ops.embedded.process import Program, ProgramFailedError

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
SETTLED_S = 60.0
"""Whoever ran this long is forgiven its earlier falls."""


class Managed(Protocol):
    """Something that can be started, asked and stopped."""

    @property
    def program(self) -> Program | None: ...
    def launch(self) -> None: ...
    def is_ready(self) -> bool: ...
    def stop(self, seconds: float = ...) -> None: ...


@dataclass
class Child:
    """One managed process and how often it fell."""

    name: str
    managed: Managed
    restarts: int = 0
    pause: float = FIRST_PAUSE_S
    started: float = 0.0
    due: float | None = None
    """When to start it again; None while it runs."""
    awaited: bool = False
    """Started again, and not yet seen ready."""


class Supervisor:
    """`watch` once in a while. `say` tells people; `changed` is called after a restart."""

    def __init__(
        self,
        *,
        say: Callable[[str], None],
        changed: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.children: list[Child] = []
        self._say, self._changed, self._now = say, changed, now

    def adopt(self, name: str, managed: Managed) -> None:
        """Take charge of what has been launched already."""
        self.children.append(Child(name, managed, started=self._now()))

    def watch(self) -> None:
        """Look at every child once; starts those whose pause is over."""
        for child in self.children:
            if child.due is not None:
                self._restart_when_due(child)
            elif child.managed.program is None or not child.managed.program.running:
                self._plan_restart(child)
            elif child.awaited and child.managed.is_ready():
                child.awaited = False
                self._say(f"{child.name} is ready again")

    def _plan_restart(self, child: Child) -> None:
        now = self._now()
        if now - child.started > SETTLED_S:
            child.pause = FIRST_PAUSE_S
        program = child.managed.program
        cause = describe_exit(program.exit_code if program else None)
        self._say(f"{child.name} {cause}; starting it again in {child.pause:g} s")
        child.due, child.pause = now + child.pause, min(child.pause * 2, LONGEST_PAUSE_S)
        child.awaited = False

    def _restart_when_due(self, child: Child) -> None:
        if child.due is None or self._now() < child.due:
            return
        child.due, child.started, child.awaited = None, self._now(), True
        child.restarts += 1
        try:
            child.managed.launch()
        except (ProgramFailedError, OSError) as error:
            self._say(f"{child.name} could not be started: {error}")
            self._plan_restart(child)
        self._changed()


def describe_exit(code: int | None) -> str:
    """`was killed by SIGKILL`, `ended with code 3`."""
    if code is None:
        return "did not start"
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with code {code}"


def stop_together(
    children: Sequence[Managed], seconds: float, *, hurry: Callable[[], bool] = lambda: False
) -> None:
    """Ask all at once, wait for all, kill who is left. `hurry` cuts the wait short."""
    programs = [child.program for child in children if child.program is not None]
    for program in programs:
        program.signal(signal.SIGCONT)
        program.signal(program.stop_signal)
    deadline = time.monotonic() + seconds
    while any(program.running for program in programs):
        if hurry() or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    for child in children:
        child.stop(0)
