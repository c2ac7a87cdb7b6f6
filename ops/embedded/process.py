"""Child processes that we own from birth to death, and processes that others left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HELD = "--held"
"""The argument that tells a program of ours to call `await_release`."""

_LAUNCH = Path(__file__).with_name("launch.py")
_POLL_SECONDS = 0.02
_LOG_TAIL_BYTES = 4096
_LARGEST_LOG_BYTES = 32 << 20
_STAT_START_TIME = 19  # in /proc/PID/stat, counted from the field after the command's name


class ProgramFailedError(Exception):
    """A program did not start, or ended by itself; the message says where it tells why."""


@dataclass(frozen=True)
class User:
    """The account a program runs as."""

    name: str
    uid: int
    gid: int


class Program:
    """One running program, in a session of its own: Ctrl-C in our terminal does not reach it.

    It ends with the process that started it (Linux), also when that one is killed. Linux counts the
    *thread* as the parent, so start programs from a thread that stays.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        user: User | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        held: bool = False,
    ) -> None:
        """`held`: it will call `await_release`."""
        self.log = log
        self.stop_signal = stop_signal
        log.parent.mkdir(parents=True, exist_ok=True)
        _turn_over(log)
        as_user = f"{user.uid}:{user.gid}" if user else "-"
        launch = [sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid())]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*launch, str(int(stop_signal)), as_user, *map(str, command)],
                stdin=subprocess.PIPE if held else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env) if env is not None else None,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number when a signal ended it."""
        return self._process.poll()

    def release(self) -> None:
        """Let it go on where it was held; that it ended meanwhile is seen by who waits for it."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError), self._process.stdin as held:
                held.write(b"\n")

    def signal(self, number: signal.Signals) -> None:
        """Do nothing when it has ended."""
        if self.running:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """True when it ended within `seconds`."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, seconds: float = 20) -> None:
        """Ask, wait, then kill. A frozen (SIGSTOP) program is woken first, to hear us."""
        self.signal(signal.SIGCONT)
        self.signal(self.stop_signal)
        if not self.wait(seconds):
            self.kill()

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._process.wait()

    def await_ready(self, ready: Callable[[], bool], *, what: str, seconds: float = 30) -> None:
        """Return when `ready()`; raise `ProgramFailedError` when it ended or time is up."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise ProgramFailedError(f"{what} ended ({self.exit_code}): {self.last_words()}")
            if time.monotonic() > deadline:
                self.kill()
                raise ProgramFailedError(
                    f"{what} was not ready within {seconds:g} s: {self.last_words()}"
                )
            time.sleep(_POLL_SECONDS)

    def last_words(self) -> str:
        """The last line of its log, and where the rest is."""
        lines = _tail(self.log)
        return f"{lines[-1] if lines else 'it wrote nothing'} (see {self.log})"


def await_release() -> None:
    """Called by the program: wait for `Program.release`; end when nobody is left to call it."""
    if not os.read(sys.stdin.fileno(), 1):
        sys.exit("whoever started it ended before it was to begin")


def _turn_over(log: Path) -> None:
    """Keep one old log of a size that nobody minds; nothing else removes them."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _LOG_TAIL_BYTES))
            return file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return []


def started_at(pid: int) -> str | None:
    """Opaque birth mark of a running process, so that a reused pid is not taken for it.

    None when there is no such process. A zombie counts as gone.
    """
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[_STAT_START_TIME]
    return _ps("lstart", pid) or None


def command_of(pid: int) -> str:
    """The command line, empty when there is no such process."""
    if sys.platform == "linux":
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return line.replace(b"\0", b" ").decode(errors="replace")
    return _ps("args", pid)


def _ps(column: str, pid: int) -> str:
    listed = subprocess.run(
        ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip()


def is_alive(pid: int, mark: str) -> bool:
    """True while the process that got `mark` from `started_at` runs."""
    return started_at(pid) == mark


def end(pid: int, mark: str, number: signal.Signals, *, seconds: float) -> bool:
    """Send `number` to a process that is not our child and wait; True when it is gone."""
    deadline = time.monotonic() + seconds
    if is_alive(pid, mark):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    while is_alive(pid, mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
