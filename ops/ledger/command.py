"""`jiceng import`: a ledger out of a spreadsheet, or the empty workbook to fill in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from contracts.areas import is_area
from ops.cli.output import ERRORS, NOT_READY, OUTPUT, put_json
from ops.cli.reach import Data
from ops.ledger.ledgers import BY_NAME

ROWS_REFUSED = 4
"""Exit code when the import came to its end and some rows were refused."""

REPORT_FORMS = (".xlsx", ".csv", ".json")


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
    _check_arguments(file, template, ledger, report_file, area)
    from ops.ledger import report, run  # noqa: PLC0415  slow to import

    if template is not None:
        run.write_template(template)
        ERRORS.print(f"模板已写到 {template}", markup=False)
    if file is None:
        return
    options = run.Options(ledger, dry_run=dry_run, all_or_nothing=all_or_nothing, update=update)
    result = run.run(file, options, data, run.token_source(data, token, area))
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
    if report_file is not None and report_file.suffix.lower() not in REPORT_FORMS:
        raise typer.BadParameter(f"--report must end in one of {', '.join(REPORT_FORMS)}")
    if template is not None and template.suffix.lower() != ".xlsx":
        raise typer.BadParameter("--template must end in .xlsx")
    for code in area or ():
        if not is_area(code):
            raise typer.BadParameter(f"{code!r} is no area code: 2, 4, 6, 9, 12 or 15 digits")
