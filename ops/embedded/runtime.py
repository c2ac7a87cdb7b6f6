"""Everything on one machine: started in order, watched, drained in the opposite order."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType

from ops.embedded.instance import Instance, Running, State, myself, require_free
from ops.embedded.issuer import DevelopmentIssuer
from ops.embedded.nats import HOST as NATS_HOST
from ops.embedded.nats import EmbeddedNats
from ops.embedded.postgres import EmbeddedPostgres
from ops.embedded.process import started_at
from ops.embedded.root_key import personal_keys
from ops.embedded.service import ServiceProcess
from ops.embedded.supervisor import Supervisor, stop_together
from ops.services import SERVICES
from ops.settings import settings_from
from services.chassis.settings import Settings

_WATCH_S = 0.2
_SERVICE_READY_S = 90.0
_DRAIN_GRACE_S = 5.0

Say = Callable[[str], None]


class Runtime:
    """One instance on a claimed data folder. `start`, `watch` until asked to stop, `stop`."""

    def __init__(self, instance: Instance, settings: Settings, say: Say) -> None:
        self.instance = instance
        self.say = say
        port_base = settings.port_base
        self._host = settings.host
        self._postgres = EmbeddedPostgres(instance.postgres, log=instance.logs / "postgres.log")
        self._nats = EmbeddedNats(
            instance.nats,
            settings.port_of("nats"),
            monitor_port=settings.port_of("nats-monitor"),
            log=instance.logs / "nats.log",
        )
        self._issuer = DevelopmentIssuer(instance.issuer, settings)
        self._given = settings
        self._services: list[ServiceProcess] = []
        self._supervisor = Supervisor(say=say, changed=self._write_state)
        self.state = State(supervisor=myself(), port_base=port_base)

    def clear_the_way(self) -> None:
        """End what a killed run left behind; raise when a port is taken. Starts nothing."""
        for orphan in self.instance.end_orphans():
            self.say(f"{orphan} of an earlier run was still there and has been stopped")
        ports = [(entry.name, self._given.port_of(entry.name)) for entry in SERVICES]
        require_free(self._host, ports)
        stores = [(name, self._given.port_of(name)) for name in ("nats", "nats-monitor")]
        require_free(NATS_HOST, stores)

    def start(self) -> None:
        """Return when every service is ready; raise with the reason otherwise.

        Services load themselves while the stores come up and are brought to this release.
        """
        started = time.monotonic()
        self._write_state()
        self._launch_stores()
        settings = self._publish_environment()
        self._launch_services(settings)
        self._await_stores(started)
        from ops.deployment import migrate_all  # noqa: PLC0415  slow to import, needed only here

        asyncio.run(migrate_all(settings, self.say))
        self._await_services(started)
        self.state.phase = "ready"
        self._write_state()

    def watch(self, stopping: Callable[[], bool]) -> None:
        """Restart whatever ends, until `stopping()`."""
        while not stopping():
            self._supervisor.watch()
            time.sleep(_WATCH_S)

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> None:
        """Services finish what they have begun, then NATS, then PostgreSQL. Leaves nothing."""
        self.state.phase = "stopping"
        with contextlib.suppress(OSError):  # a full disk must not keep us from stopping
            self._write_state()
        drain = self._given.drain_seconds + _DRAIN_GRACE_S
        stop_together(self._services, drain, hurry=hurry)
        stop_together([self._nats], 15, hurry=hurry)
        self._postgres.stop()
        self.instance.forget()
        self.instance.release()

    def _launch_stores(self) -> None:
        self._postgres.launch()
        self._supervisor.adopt("postgres", self._postgres)
        self._nats.launch()
        self._supervisor.adopt("nats", self._nats)
        self._write_state()
        for notice in self._postgres.notices:
            self.say(notice)

    def _await_stores(self, started: float) -> None:
        self._postgres.await_ready()
        self._nats.await_ready()
        self.say(f"PostgreSQL and NATS are ready ({time.monotonic() - started:.1f} s)")

    def _publish_environment(self) -> Settings:
        """What the children and every other command need to reach this instance."""
        self._issuer.ensure_key()
        self.state.environment = {
            "JICENG_ENV": self._given.env.value,
            "JICENG_HOST": self._host,
            "JICENG_PORT_BASE": str(self._given.port_base),
            "JICENG_DATABASE_URL": self._postgres.url_template,
            "JICENG_NATS_URL": self._nats.url,
            "JICENG_ISSUER": self._given.issuer,
            "JICENG_AUDIENCE": self._given.audience,
            "JICENG_JWKS_URL": self._issuer.jwks_url,
            "JICENG_DATA": str(self.instance.folder),
        }
        self._write_state()
        return settings_from(self.state.environment)

    def _launch_services(self, settings: Settings) -> None:
        """The root key goes to them alone, and not into the state file."""
        keys = personal_keys(self.instance.personal_keys, self._given)
        for entry in SERVICES:
            service = ServiceProcess(
                entry,
                host=self._host,
                port=settings.port_of(entry.name),
                settings={**self.state.environment, "JICENG_PERSONAL_KEYS": keys},
                log=self.instance.logs / f"{entry.name}.log",
            )
            service.launch(held=True)
            self._services.append(service)
            self._supervisor.adopt(entry.name, service)
        self._write_state()

    def _await_services(self, started: float) -> None:
        for service in self._services:
            service.release()
        for service in self._services:
            service.await_ready(_SERVICE_READY_S)
            self.say(f"{service.entry.name} is ready ({time.monotonic() - started:.1f} s)")

    def _write_state(self) -> None:
        ports = {entry.name: self._given.port_of(entry.name) for entry in SERVICES}
        ports["nats"] = self._given.port_of("nats")
        for child in self._supervisor.children:
            program = child.managed.program
            if program is not None:
                self.state.processes[child.name] = Running(
                    program.pid,
                    started_at(program.pid) or "",
                    ports.get(child.name),
                    child.restarts,
                )
        self.instance.write(self.state)


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """SIGINT and SIGTERM as a wish: once to drain, twice to hurry.

    While `interrupting`, the first one breaks off what is going on by `KeyboardInterrupt`.
    """

    def __init__(self) -> None:
        self.count = 0
        self.interrupting = True

    @property
    def asked(self) -> bool:
        return self.count > 0

    @property
    def urgent(self) -> bool:
        return self.count > 1

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """SIGHUP stays ignored where `nohup` had it ignored."""
        before = {
            number: signal.signal(number, self._heard)
            for number in _STOP_SIGNALS
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
        }
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.interrupting:
            self.interrupting = False
            raise KeyboardInterrupt


def run(
    runtime: Runtime, *, when_ready: Callable[[], None], before_stop: Callable[[], None]
) -> None:
    """Start, call `when_ready`, watch until a signal comes, call `before_stop`, stop."""
    runtime.clear_the_way()
    request = StopRequest()
    with request.listening():
        try:
            runtime.start()
            when_ready()
            request.interrupting = False
            runtime.watch(lambda: request.asked)
        except KeyboardInterrupt:
            pass
        finally:
            request.interrupting = False
            before_stop()
            runtime.say("stopping: services finish what they have begun")
            runtime.stop(lambda: request.urgent)
            runtime.say("stopped; nothing is left running")
