"""`parked`: what services could not handle, for an operator to decide."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ops.cli.output import FAILED, OUTPUT, put_json, say
from ops.cli.reach import Data, settings_at
from ops.services import SERVICES

if TYPE_CHECKING:
    from services.chassis.bus.parking import Parked

WITH_PARKING = tuple(entry.name for entry in SERVICES if entry.database)

app = typer.Typer(
    help="搁置的事件：查看、重试、放弃。Events that were set aside: list, retry, drop.",
    no_args_is_help=True,
)

Service = Annotated[str, typer.Argument(help=f"服务名。One of {', '.join(WITH_PARKING)}.")]
Ids = Annotated[list[int] | None, typer.Argument(help="搁置编号。Numbers from the list.")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。JSON on stdout.")]


@app.command("list")
def listing(
    service: Annotated[str | None, typer.Argument(help="服务名。Only this service.")] = None,
    *,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """列出搁置的事件及原因。Every parked event with its reason."""
    from ops import parked  # noqa: PLC0415  slow to import

    services = [_known(service)] if service else list(WITH_PARKING)
    found = asyncio.run(parked.listing(settings_at(data), services))
    if as_json:
        put_json([_document(owner, each) for owner, each in found])
    elif not found:
        OUTPUT.print("没有搁置的事件 · nothing is parked")
    else:
        OUTPUT.print(_table(found))


@app.command()
def retry(service: Service, ids: Ids = None, *, data: Data = None, as_json: AsJson = False) -> None:
    """重试搁置的事件；未指明编号则全部重试。Handle events again: those named, or all."""
    from ops import parked  # noqa: PLC0415  slow to import

    owner = _known(service)
    outcomes = asyncio.run(parked.retry(settings_at(data), owner, ids or []))
    failed = [each for each, failure in outcomes if failure]
    if as_json:
        put_json([_document(service, each) | {"failure": why} for each, why in outcomes])
    else:
        for each, failure in outcomes:
            say(f"{each.parked_id} {each.type}: {failure or 'handled'}")
        say(f"{len(outcomes) - len(failed)} handled, {len(failed)} stay parked")
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def drop(
    service: Service,
    ids: Annotated[list[int], typer.Argument(help="搁置编号。Numbers from the list.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问。Do not ask.")] = False,
    data: Data = None,
) -> None:
    """永久放弃搁置的事件。Give events up for good: their effect never happens here."""
    from ops import parked  # noqa: PLC0415  slow to import

    owner = _known(service)
    settings = settings_at(data)
    if not yes:
        typer.confirm(f"give up {len(ids)} events of {owner} for good?", abort=True)
    count = asyncio.run(parked.drop(settings, owner, ids))
    say(f"{count} dropped")


def _known(service: str) -> str:
    if service not in WITH_PARKING:
        there_are = ", ".join(WITH_PARKING)
        raise typer.BadParameter(f"{service!r} parks nothing; there are {there_are}")
    return service


def _document(service: str, each: "Parked") -> dict[str, object]:
    """Without the body: it is long, and the event log has it."""
    shown = {name: value for name, value in vars(each).items() if name != "body"}
    return {"service": service, **shown}


def _table(found: list[tuple[str, "Parked"]]) -> Table:
    table = Table()
    for heading in ("service", "id", "event", "aggregate", "version", "attempts", "reason"):
        table.add_column(heading, overflow="fold")
    for service, each in found:
        row = (each.parked_id, each.type or each.subject, each.aggregate_id or "—")
        table.add_row(service, *map(str, (*row, each.version or "—", each.attempts)), each.reason)
    return table
