"""nats-server with JetStream out of its wheel: loopback only, every write flushed to disk."""

import http.client
import json
import shutil
import signal
import socket
import sysconfig
from pathlib import Path
from types import TracebackType
from typing import Self

from ops.embedded.process import Program, ProgramFailedError

HOST = "127.0.0.1"
_LARGEST_STORE = 8 << 30
_SHARE_OF_FREE_DISK = 0.5
"""A disk that is full wedges JetStream until it restarts; its own limit refuses cleanly."""

_CONFIG = """\
# Written at every start; edit nothing here.
server_name: {name}
listen: "{host}:{port}"
http: "{host}:{monitor_port}"
max_payload: 1MB
write_deadline: "10s"
jetstream {{
  store_dir: {store}
  max_file_store: {max_file_store}
  max_memory_store: 64MB
  sync_interval: always
}}
"""


class EmbeddedNats:
    """One server for one store folder and port; restarted, it answers at the same address.

    Without a port it takes a free one; the monitor listens on `monitor_port` or the next free one.
    """

    def __init__(
        self,
        store: Path,
        port: int | None = None,
        *,
        monitor_port: int | None = None,
        log: Path | None = None,
    ) -> None:
        self.store = store.absolute()
        self.port = port or free_port()
        self.monitor_port = monitor_port or free_port()
        self.log = log or self.store.with_name(f"{self.store.name}.log")
        self.program: Program | None = None

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    def start(self) -> str:
        """Start and wait until JetStream has recovered its streams; the URL."""
        self.launch()
        self.await_ready()
        return self.url

    def launch(self) -> None:
        """Start without waiting for it."""
        self.store.mkdir(parents=True, exist_ok=True)
        config = self.store / "nats.conf"
        config.write_text(self._config())
        self.program = Program([_binary(), "--config", config], log=self.log)

    def await_ready(self, seconds: float = 30) -> None:
        self._running().await_ready(self.is_ready, what="nats-server", seconds=seconds)

    def is_ready(self) -> bool:
        """True when `/healthz` is: listening, and every stream and consumer recovered."""
        connection = http.client.HTTPConnection(HOST, self.monitor_port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self, seconds: float = 15) -> None:
        if self.program is not None:
            self.program.stop(seconds)

    def kill(self) -> None:
        """As the out-of-memory killer does it."""
        self._running().kill()

    def pause(self) -> None:
        """Freeze: connections stay open, nothing answers."""
        self._running().signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().signal(signal.SIGCONT)

    def wipe(self) -> None:
        """Lose every stream, as a lost disk does. Only while stopped."""
        if self.program is not None and self.program.running:
            raise ProgramFailedError("stop nats-server before wiping its store")
        shutil.rmtree(self.store, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def _running(self) -> Program:
        if self.program is None:
            raise ProgramFailedError("nats-server has not been started")
        return self.program

    def _config(self) -> str:
        return _CONFIG.format(
            name=f"jiceng-{self.port}",
            host=HOST,
            port=self.port,
            monitor_port=self.monitor_port,
            store=json.dumps(str(self.store), ensure_ascii=False),
            max_file_store=self._max_file_store(),
        )

    def _max_file_store(self) -> int:
        used = sum(file.stat().st_size for file in self.store.rglob("*") if file.is_file())
        free = shutil.disk_usage(self.store).free
        return min(_LARGEST_STORE, used + int(free * _SHARE_OF_FREE_DISK))


def free_port() -> int:
    """A port that nobody listened on just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _binary() -> str:
    beside_python = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = str(beside_python) if beside_python.exists() else shutil.which("nats-server")
    if found is None:
        raise ProgramFailedError("no nats-server: install jiceng[embedded]")
    return found
