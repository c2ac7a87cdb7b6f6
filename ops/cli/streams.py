"""`streams`: what subscribers read, held against the event logs."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from ops.cli.output import ERRORS, FAILED, OUTPUT, put_json, say
from ops.cli.reach import Data, settings_at
from ops.services import PUBLISHING

if TYPE_CHECKING:
    from services.chassis.refill import Comparison

app = typer.Typer(
    no_args_is_help=True,
)

Service = Annotated[
    str | None, typer.Argument(help=f"服务名。One of {', '.join(PUBLISHING)}; all by default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。JSON on stdout.")]


@app.command()
def check(service: Service = None, *, data: Data = None, as_json: AsJson = False) -> None:
    """核对事件流与事件日志。Compare every event; exit code 1 unless all are there, in order."""
    services = _chosen(service)
    from ops import streams  # noqa: PLC0415  slow to import

    found = asyncio.run(streams.check(settings_at(data), services))
    if as_json:
        put_json([_document(each) for each in found])
    else:
        OUTPUT.print(_table(found))
    if not all(each.whole for each in found):
        if not as_json:
            say("`jiceng streams refill` restores what is missing")
        raise typer.Exit(FAILED)


@app.command()
def refill(service: Service = None, *, data: Data = None) -> None:
    """按事件日志补齐事件流。Restore from the log what a stream lacks; commands go on meanwhile."""
    services = _chosen(service)
    settings = settings_at(data)
    from ops import streams  # noqa: PLC0415  slow to import
    from ops.deployment import durables  # noqa: PLC0415  slow to import

    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=ERRORS
    ) as shown:
        bars = {name: shown.add_task(name, total=None, visible=False) for name in services}

        def progress(name: str, done: int, of: int) -> None:
            shown.update(bars[name], completed=done, total=of, visible=True)

        written = asyncio.run(streams.restore(settings, services, durables(), progress))
    for name, count in written.items():
        say(f"{name}: {count} events restored" if count else f"{name}: nothing was missing")


def _chosen(service: str | None) -> list[str]:
    if service is None:
        return list(PUBLISHING)
    if service not in PUBLISHING:
        raise typer.BadParameter(f"{service!r} has no stream; there are {', '.join(PUBLISHING)}")
    return [service]


def _document(found: "Comparison") -> dict[str, Any]:
    return vars(found) | {"whole": found.whole}


def _table(comparisons: list["Comparison"]) -> Table:
    table = Table()
    for heading in ("service", "state", "logged", "stored", "missing", "foreign", "disordered"):
        table.add_column(heading, justify="left" if heading in {"service", "state"} else "right")
    table.add_column("digest")
    for each in comparisons:
        state = "[green]whole[/green]" if each.whole else "[red]damaged[/red]"
        state = state if each.exists else "[red]no stream[/red]"
        counts = (each.logged, each.stored, len(each.missing), len(each.foreign), each.disordered)
        table.add_row(each.service, state, *map(str, counts), each.digest[:12])
    return table
