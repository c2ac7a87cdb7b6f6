"""`up`, `status`, `down`, `serve`, `migrate`: bringing an instance to life and ending it."""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ops.cli.output import ERRORS, NOT_READY, OUTPUT, CommandError, put_json, say
from ops.cli.reach import DEFAULT_DATA, Data, by_environment, instance_at, settings_at
from ops.embedded.instance import Instance, InstanceError, State
from ops.embedded.process import end
from ops.embedded.status import Report, examine, examine_services
from ops.services import BY_NAME, SERVICES
from services.chassis.settings import Environment, Settings

_DETACH_READY_S = 180.0
_DOWN_GRACE_S = 60.0

Fresh = Annotated[bool, typer.Option("--fresh", help="Delete old data first. 先清空旧数据。")]
Detach = Annotated[bool, typer.Option("--detach", help="Return when ready. 就绪后转入后台。")]
Demo = Annotated[
    bool, typer.Option("--demo/--no-demo", help="Load a year of office life. 载入演示数据。")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout. 输出 JSON。")]


def up(
    *, data: Data = None, detach: Detach = False, fresh: Fresh = False, demo: Demo = False
) -> None:
    settings = Settings()
    if settings.env is Environment.PRODUCTION:
        raise CommandError(
            "`jiceng up` is for one machine without an issuer of its own; "
            "JICENG_ENV is production: deploy by compose or Kubernetes (deploy/)"
        )
    folder = (data or DEFAULT_DATA).absolute()
    if detach:
        _detach(folder, fresh=fresh)
        if demo and subprocess.run(_demo_command(folder), check=False).returncode != 0:
            raise CommandError("the demo year was not loaded; the services go on")
        return
    from ops.embedded.runtime import Runtime, run  # noqa: PLC0415  slow to import

    instance = Instance(folder)
    instance.claim()
    if fresh:
        instance.end_orphans()
        instance.wipe()

    jobs: list[subprocess.Popen[bytes]] = []

    def when_ready() -> None:
        _show_links(instance, settings)
        say("Ctrl-C stops everything")
        if demo:
            jobs.append(subprocess.Popen(_demo_command(folder)))

    def before_stop() -> None:
        for job in jobs:
            job.terminate()
            job.wait()

    run(Runtime(instance, settings, say), when_ready=when_ready, before_stop=before_stop)


def status(*, data: Data = None, as_json: AsJson = False) -> None:
    report = examine(instance_at(data))
    if report.phase == "stopped" and by_environment():
        report = examine_services(Settings())
    if as_json:
        put_json(report.document())
    elif not report.parts:
        OUTPUT.print(f"{report.folder}: {report.phase}", markup=False)
    else:
        OUTPUT.print(_status_table(report))
    if not report.ready:
        raise typer.Exit(NOT_READY)


def down(*, data: Data = None) -> None:
    instance = instance_at(data)
    state = instance.read()
    if state is not None and state.supervisor.alive:
        say("asked to stop; services finish what they have begun")
        grace = Settings().drain_seconds + _DOWN_GRACE_S
        supervisor = state.supervisor
        if not end(supervisor.pid, supervisor.mark, signal.SIGTERM, seconds=grace):
            end(supervisor.pid, supervisor.mark, signal.SIGKILL, seconds=5)
    orphans = instance.end_orphans()
    for orphan in orphans:
        say(f"{orphan} was still there and has been stopped")
    say("stopped" if state or orphans else f"nothing was running on {instance.folder}")


def serve(
    service: Annotated[str, typer.Argument(help=f"One of {', '.join(BY_NAME)}. 服务名。")],
) -> None:
    if service not in BY_NAME:
        raise typer.BadParameter(f"no service {service!r}; there are {', '.join(BY_NAME)}")
    from ops.serve import serve as serve_service  # noqa: PLC0415  slow to import

    serve_service(service)


def migrate(
    *,
    data: Data = None,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait for PostgreSQL and NATS. 等待秒数。")
    ] = 60,
) -> None:
    from ops.deployment import migrate_all  # noqa: PLC0415  slow to import

    asyncio.run(migrate_all(settings_at(data), say, wait=wait))


def _detach(folder: Path, *, fresh: bool) -> None:
    """Start `up` as a session of its own and wait for what it says in its state file."""
    instance = Instance(folder)
    if instance.running() is not None:
        raise InstanceError(f"{folder} is in use by a running instance; stop it by `jiceng down`")
    instance.claim()
    instance.release()
    instance.logs.mkdir(exist_ok=True)
    log = instance.logs / "up.log"
    command = [sys.executable, "-m", "ops.cli", "up", "--data", str(folder)]
    with log.open("wb") as output:
        child = subprocess.Popen(
            [*command, "--fresh"] if fresh else command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        state = _await_ready(instance, child)
    except BaseException:
        child.terminate()
        child.wait()
        raise
    if state is None:
        lines = log.read_text(errors="replace").strip().splitlines() or ["it wrote nothing"]
        reason = next((line for line in reversed(lines) if line.startswith("error:")), lines[-1])
        raise CommandError(f"{reason.removeprefix('error: ')} (more in {log})")
    _show_links(instance, Settings())
    say(f"running in the background; `jiceng down{_data_option(folder)}` stops it")


def _await_ready(instance: Instance, child: subprocess.Popen[bytes]) -> State | None:
    """None when the child ended instead."""
    deadline = time.monotonic() + _DETACH_READY_S
    with ERRORS.status("starting …"):
        while child.poll() is None:
            state = instance.running()
            if state is not None and state.supervisor.pid == child.pid and state.phase == "ready":
                return state
            if time.monotonic() > deadline:
                raise CommandError(f"not ready within {_DETACH_READY_S:g} s; see {instance.logs}")
            time.sleep(0.1)
    return None


def _demo_command(folder: Path) -> list[str]:
    """A process of its own: it speaks HTTP only, and must not disturb the watch."""
    return [sys.executable, "-m", "ops.cli", "demo", "--data", str(folder)]


def _show_links(instance: Instance, settings: Settings) -> None:
    table = Table(title="Jiceng 基层", title_justify="left")
    table.add_column("")
    table.add_column("address")
    for entry in reversed(SERVICES):
        address = settings.service_url(entry.name)
        shown = address if entry.name == "console" else f"{address}/openapi.json"
        table.add_row(f"{entry.name} {entry.label}", shown)
    table.add_row("NATS 消息", f"nats://127.0.0.1:{settings.port_of('nats')}")
    table.add_row("logs 日志", str(instance.logs))
    ERRORS.print(table)
    token = f"jiceng token --role admin --area 410305{_data_option(instance.folder)}"
    ERRORS.print(f"token 令牌: {token}", markup=False)


def _data_option(folder: Path) -> str:
    return "" if folder == DEFAULT_DATA.absolute() else f" --data {folder}"


def _status_table(report: Report) -> Table:
    where = report.folder or "services of the environment"
    table = Table(title=f"{where}: {report.phase}", title_justify="left")
    for heading in ("process", "state", "pid", "address", "restarts"):
        table.add_column(heading)
    for part in report.parts:
        state = "[green]ready[/green]" if part.ready else f"[red]{part.detail or 'down'}[/red]"
        table.add_row(
            f"{part.name} {part.label}".strip(),
            state,
            str(part.pid or ""),
            part.address or "",
            str(part.restarts),
        )
    return table
