"""How long people wait for the command line, and for everything to be ready once more."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from ops.bench.measure import Measured
from ops.bench.stage import Stage
from ops.embedded.instance import Instance, InstanceError, require_free
from ops.embedded.process import ProgramFailedError
from ops.services import SERVICES
from services.chassis.settings import PORT_OFFSET

TURNS = 5
POLL_S = 0.02
GIVE_UP_S = 300.0

Run = Callable[[], float]
"""One turn; seconds that somebody waits."""


async def measure(stage: Stage) -> list[Measured]:
    return [_command_line(), _second_start(stage.folder / "up")]


def _command_line() -> Measured:
    return _in_turns(
        "jiceng --help",
        "the list of commands",
        "a fresh Python that loads Typer and what it formats help with",
        ours=lambda: _ended(["-m", "ops.cli", "--help"]),
        bound=lambda: _ended(["-c", "import typer.rich_utils"]),
    )


def _second_start(data: Path) -> Measured:
    base = _free_base()
    _up(data, base)  # makes the databases and streams
    return _in_turns(
        "jiceng up",
        "a second start, until every service is ready",
        "a fresh Python a service, side by side, loading it and no more",
        ours=lambda: _up(data, base),
        bound=lambda: _ended(*(["-c", f"import {entry.module}"] for entry in SERVICES)),
    )


def _in_turns(name: str, what: str, bound_is: str, *, ours: Run, bound: Run) -> Measured:
    turns = [(_with_cpu(ours), _with_cpu(bound)) for _ in range(TURNS)]
    ratios = sorted(shortest / waited for (waited, _), (shortest, _) in turns)
    return Measured(
        name,
        "s",
        what,
        bound_is,
        ours=median(waited for (waited, _), _ in turns),
        bound=median(shortest for _, (shortest, _) in turns),
        ratio=median(ratios),
        details={
            "CPU seconds, end included": median(cpu for (_, cpu), _ in turns),
            "CPU seconds of the bound": median(cpu for _, (_, cpu) in turns),
            "lowest ratio": ratios[0],
            "highest ratio": ratios[-1],
        },
    )


def _with_cpu(run: Run) -> tuple[float, float]:
    """What it told, and the processor time of all processes it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return waited, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _ended(*arguments: list[str]) -> float:
    """Seconds until Pythons with these arguments, begun together, have ended."""
    started = time.perf_counter()
    running = [
        subprocess.Popen([sys.executable, *each], stdout=subprocess.DEVNULL) for each in arguments
    ]
    for each in running:
        if each.wait(GIVE_UP_S):
            raise ProgramFailedError(f"{each.args!r} ended with {each.returncode}")
    return time.perf_counter() - started


def _up(data: Path, base: int) -> float:
    """Seconds until `jiceng up` is ready; it is stopped then."""
    started = time.perf_counter()
    up = subprocess.Popen(
        [sys.executable, "-m", "ops.cli", "up", "--data", data],
        env=os.environ | {"JICENG_PORT_BASE": str(base)},
        stderr=subprocess.DEVNULL,
    )
    try:
        while (state := Instance(data).read()) is None or state.phase != "ready":
            if up.poll() is not None or time.perf_counter() - started > GIVE_UP_S:
                raise ProgramFailedError(f"`jiceng up` did not get ready; see {data}/log")
            time.sleep(POLL_S)
        return time.perf_counter() - started
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(GIVE_UP_S)


def _free_base() -> int:
    """Where every process of an instance finds its port free."""
    for base in range(20_000, 32_000, 50):
        try:
            require_free("127.0.0.1", [(name, base + at) for name, at in PORT_OFFSET.items()])
        except InstanceError:
            continue
        return base
    raise InstanceError("no ports are free for a second instance")
