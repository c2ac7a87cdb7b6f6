"""`jiceng import`: a ledger out of a spreadsheet, or the empty workbook to fill in."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from contracts.areas import is_area
from ops.cli.output import ERRORS, NOT_READY, OUTPUT, CommandError, put_json
from ops.cli.reach import Data, instance_at, settings_at
from ops.ledger import report
from ops.ledger.books import UnreadableFileError
from ops.ledger.importer import Options, Result, import_file
from ops.ledger.ledgers import BY_NAME
from ops.ledger.sending import Progress
from ops.ledger.services import RequestRefusedError, Services
from ops.ledger.template import write_template
from services.chassis.clock import business_date, system_clock
from services.chassis.settings import Settings

ROWS_REFUSED = 4
"""Exit code when the import came to its end and some rows were refused."""

SUBJECT = "jiceng-import"
"""Always the same caller: idempotency keys belong to the caller who used them."""

_TOKEN_LIFETIME = timedelta(minutes=30)
_PROVINCES = (
    *("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"),
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64"),
    *("65", "71", "81", "82"),
)
"""First two digits of the national division codes (GB/T 2260)."""


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


File = Annotated[
    Path | None, typer.Argument(help="Workbook (xlsx, xls, ods) or CSV. 台账文件。", metavar="FILE")
]
Template = Annotated[
    Path | None,
    typer.Option(help="Write the empty workbook to FILE. 写出空白模板。", metavar="FILE"),
]
Kind = Annotated[
    str | None,
    typer.Option("--ledger", help=f"Which ledger it is: {', '.join(BY_NAME)}. 台账种类。"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check, write nothing. 只检查，不写入。")]
AllOrNothing = Annotated[
    bool, typer.Option("--all-or-nothing", help="Write only if nothing is wrong. 有误则全不写入。")
]
Update = Annotated[
    bool, typer.Option("--update", help="Change what is registered otherwise. 变更已登记的内容。")
]
Report = Annotated[
    Path | None,
    typer.Option("--report", help="All refusals as .xlsx, .csv or .json. 写出问题清单。"),
]
Area = Annotated[
    list[str] | None, typer.Option(help="Limit the own token to AREA, repeatable. 限定授权区划。")
]
Token = Annotated[
    str | None, typer.Option(envvar="JICENG_TOKEN", help="Bearer token to use. 使用的令牌。")
]


def import_ledger(
    file: File = None,
    *,
    template: Template = None,
    ledger: Kind = None,
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    update: Update = False,
    report_file: Report = None,
    form: Annotated[Format, typer.Option("--format", help="table or json. 输出格式。")] = (
        Format.TABLE
    ),
    area: Area = None,
    token: Token = None,
    data: Data = None,
) -> None:
    """导入台账（工作簿或 CSV）。Import ledgers; exit code 4 when rows were refused."""
    _check_arguments(file, template, ledger, report_file, area)
    if template is not None:
        write_template(template)
        ERRORS.print(f"模板已写到 {template}", markup=False)
    if file is None:
        return
    options = Options(ledger, dry_run=dry_run, all_or_nothing=all_or_nothing, update=update)
    try:
        result = asyncio.run(_run(file, options, data, token_source(data, token, area)))
    except (UnreadableFileError, RequestRefusedError) as error:
        raise CommandError(str(error)) from error
    if report_file is not None:
        report.write_report(result, report_file)
    if form is Format.JSON:
        put_json(report.document(result))
    else:
        report.show(result, OUTPUT)
    if result.interrupted:
        raise typer.Exit(NOT_READY)
    if result.refused:
        raise typer.Exit(ROWS_REFUSED)


def _check_arguments(
    file: Path | None,
    template: Path | None,
    ledger: str | None,
    report_file: Path | None,
    area: list[str] | None,
) -> None:
    if file is None and template is None:
        raise typer.BadParameter("name a FILE to import, or --template FILE to write one")
    if ledger is not None and ledger not in BY_NAME:
        raise typer.BadParameter(f"no ledger {ledger!r}; there are {', '.join(BY_NAME)}")
    if report_file is not None and report_file.suffix.lower() not in report.WRITERS:
        raise typer.BadParameter(f"--report must end in one of {', '.join(report.WRITERS)}")
    if template is not None and template.suffix.lower() != ".xlsx":
        raise typer.BadParameter("--template must end in .xlsx")
    for code in area or ():
        if not is_area(code):
            raise typer.BadParameter(f"{code!r} is no area code: 2, 4, 6, 9, 12 or 15 digits")


async def _run(
    file: Path, options: Options, data: Path | None, token: Callable[[Settings], str]
) -> Result:
    today = business_date(system_clock())
    settings = _settings(data, dry_run=options.dry_run)
    with progress_bar() as progress:
        if settings is None:
            return await import_file(file, None, options, today=today, progress=progress)
        async with Services(settings, lambda: token(settings)) as services:
            return await import_file(file, services, options, today=today, progress=progress)


def _settings(data: Path | None, *, dry_run: bool) -> Settings | None:
    """By addresses alone where they are given; None for a dry run of the file alone."""
    try:
        return settings_at(data)
    except CommandError:
        if {"JICENG_MEMBERSHIP_URL", "JICENG_BASES_URL"} <= os.environ.keys():
            return Settings()
        if dry_run:
            return None
        raise


def token_source(
    data: Path | None, given: str | None = None, areas: list[str] | None = None
) -> Callable[[Settings], str]:
    """What gives a fresh token whenever one is needed; a token that was given stays what it is."""

    def source(settings: Settings) -> str:
        if given:
            return given
        from ops.embedded.issuer import DevelopmentIssuer  # noqa: PLC0415  slow to import

        return DevelopmentIssuer(instance_at(data).issuer, settings).token(
            roles=["admin"],
            areas=areas or list(_PROVINCES),
            subject=SUBJECT,
            lifetime=_TOKEN_LIFETIME,
            now=datetime.now(UTC),
        )

    return source


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr, gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, TimeElapsedColumn(), console=ERRORS, transient=True) as bar:
        task = bar.add_task("读取", total=None)

        def heard(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield heard
