"""One data folder: whose it is, who holds it, and what is running on it."""

import fcntl
import json
import os
import shutil
import signal
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TextIO

from ops.embedded.postgres import end_leftover
from ops.embedded.process import end, is_alive, started_at

_MARKER = ".jiceng-data"
_MARKER_TEXT = "A data folder of `jiceng up`. Without this file it is never deleted.\n"
_ORPHAN_SECONDS = 20.0

Phase = Literal["starting", "ready", "stopping"]


class InstanceError(Exception):
    """The folder or its ports cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Running:
    """A process as it was when written down. `mark` tells it from a later one of the same pid."""

    pid: int
    mark: str
    port: int | None = None
    restarts: int = 0

    @property
    def alive(self) -> bool:
        return is_alive(self.pid, self.mark)


@dataclass
class State:
    """What `run.json` says; written by the supervisor alone."""

    supervisor: Running
    port_base: int
    phase: Phase = "starting"
    environment: dict[str, str] = field(default_factory=dict)
    """The variables with which a command reaches this instance."""
    processes: dict[str, Running] = field(default_factory=dict)
    problem: str | None = None

    @classmethod
    def of(cls, document: dict[str, Any]) -> "State":
        processes = {name: Running(**each) for name, each in document.pop("processes").items()}
        return cls(
            supervisor=Running(**document.pop("supervisor")), processes=processes, **document
        )


class Instance:
    """The layout of a data folder.

    issuer/ log/ nats/ postgres/ personal.key  and run.json while something runs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.postgres = self.folder / "postgres"
        self.nats = self.folder / "nats"
        self.issuer = self.folder / "issuer"
        self.logs = self.folder / "log"
        self.personal_keys = self.folder / "personal.key"
        self._state_file = self.folder / "run.json"
        self._lock: TextIO | None = None

    def claim(self) -> None:
        """Make the folder ours and hold it until this process ends, however it ends."""
        try:
            self._mark()
            self._lock = (self.folder / "lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise InstanceError(
                f"{self.folder} is in use by another `jiceng up`; "
                "stop that with `jiceng down`, or choose another folder with --data"
            ) from None
        except OSError as error:
            raise InstanceError(
                f"{self.folder} cannot be written ({error.strerror}); choose another with --data"
            ) from error

    def release(self) -> None:
        """Let go of the folder; what its state file says stays."""
        if self._lock is not None:
            self._lock.close()

    def wipe(self) -> None:
        """Delete all data. The folder must be claimed, so it is ours and nobody uses it."""
        for path in self.folder.iterdir():
            if path.name in {_MARKER, "lock"}:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def read(self) -> State | None:
        try:
            return State.of(json.loads(self._state_file.read_text()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InstanceError(f"{self._state_file} cannot be read: {error}") from error

    def running(self) -> State | None:
        """The state, when a supervisor stands behind it."""
        state = self.read()
        return state if state is not None and state.supervisor.alive else None

    def write(self, state: State) -> None:
        unfinished = self._state_file.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(asdict(state), indent=2, ensure_ascii=False))
        unfinished.replace(self._state_file)

    def forget(self) -> None:
        """Nothing of the state file runs any more."""
        self._state_file.unlink(missing_ok=True)

    def end_orphans(self) -> list[str]:
        """End what a killed supervisor left behind; the names of what was ended.

        A power cut may have damaged the state file; whoever it named is then gone as well.
        """
        try:
            state = self.read()
        except InstanceError:
            state = None
        ended = []
        for name, process in state.processes.items() if state else ():
            if name != "postgres" and process.alive:
                if not end(process.pid, process.mark, signal.SIGTERM, seconds=_ORPHAN_SECONDS):
                    end(process.pid, process.mark, signal.SIGKILL, seconds=5)
                ended.append(name)
        if end_leftover(self.postgres):
            ended.append("postgres")
        self.forget()
        return ended

    def _mark(self) -> None:
        marker = self.folder / _MARKER
        if self.folder.exists() and not marker.exists() and any(self.folder.iterdir()):
            raise InstanceError(
                f"{self.folder} holds files that are not of Jiceng; choose another with --data"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        if not marker.exists():
            marker.write_text(_MARKER_TEXT)


def myself() -> Running:
    return Running(os.getpid(), started_at(os.getpid()) or "")


def require_free(host: str, ports: Iterable[tuple[str, int]]) -> None:
    """Raise for the first port that somebody listens on."""
    for name, port in ports:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise InstanceError(
                    f"port {port} ({name}) on {host} cannot be used: {error.strerror}; "
                    "set JICENG_PORT_BASE to another base"
                ) from None
