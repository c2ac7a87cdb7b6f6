"""One service of ours as a child process."""

import http.client
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from ops.embedded.process import HELD, Program, ProgramFailedError
from ops.services import ServiceEntry

_PROBE_TIMEOUT_S = 1.0
_KEPT_FROM_IT = {"JICENG_PORT", "PYTHONDONTWRITEBYTECODE"}
"""The port is of one process. Without bytecode each would compile 1,400 modules at each start."""


class ServiceProcess:
    """What `jiceng serve NAME` runs, with `settings` on top of this process's environment."""

    def __init__(
        self, entry: ServiceEntry, *, host: str, port: int, settings: Mapping[str, str], log: Path
    ) -> None:
        self.entry, self.host, self.port, self.log = entry, host, port, log
        inherited = {name: value for name, value in os.environ.items() if name not in _KEPT_FROM_IT}
        self._environment = {**inherited, **settings}
        self.program: Program | None = None

    def launch(self, *, held: bool = False) -> None:
        """`held`: it loads itself, which takes most of a start, and begins when `release` says."""
        command = [sys.executable, "-m", "ops.serve", self.entry.name, *[HELD] * held]
        self.program = Program(command, log=self.log, env=self._environment, held=held)

    def release(self) -> None:
        if self.program is not None:
            self.program.release()

    def await_ready(self, seconds: float) -> None:
        if self.program is None:
            raise ProgramFailedError(f"{self.entry.name} has not been started")
        self.program.await_ready(self.is_ready, what=self.entry.name, seconds=seconds)

    def is_ready(self) -> bool:
        return probe(self.host, self.port) == http.client.OK

    def stop(self, seconds: float = 25) -> None:
        if self.program is not None:
            self.program.stop(seconds)


def probe(host: str, port: int, path: str = "/readyz") -> int | None:
    """The status of a GET; None when nobody answers in time."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=_PROBE_TIMEOUT_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def reachable(host: str) -> str:
    """The address at which a server that listens on `host` answers on this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
