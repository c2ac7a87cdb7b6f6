"""What became of an import: for the eye, for a spreadsheet, for a program."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.ledger.importer import Result
from ops.ledger.model import Fault, Outcome

HEADINGS = ("工作表", "行", "列", "填写内容", "问题", "应填")

OUTCOME_LABEL: dict[Outcome, str] = {
    Outcome.CREATED: "新登记",
    Outcome.CHANGED: "已变更",
    Outcome.UNCHANGED: "已有，未变",
    Outcome.REFUSED: "有误",
    Outcome.UNSENT: "未导入",
}
CHECKED_LABEL = "检查通过"
"""What `UNSENT` means of a dry run."""

SHOWN_FAULTS = 200
"""Lines of the terminal's table; a file given by --report holds all."""


def document(result: Result) -> dict[str, Any]:
    """For programs; codes, not labels."""
    return {
        "file": result.file,
        "dry_run": result.options.dry_run,
        "ledgers": [
            {
                "ledger": count.ledger.name,
                "sheet": count.ledger.sheet,
                "rows": count.rows,
                **{outcome.value: count.outcomes.get(outcome, 0) for outcome in Outcome},
            }
            for count in result.counts
        ],
        "faults": [asdict(fault) for fault in result.faults],
        "notices": result.notices,
        "interrupted": result.interrupted,
    }


def show(result: Result, console: Console) -> None:
    """Counts, then every fault, then what else must be known."""
    if result.counts:
        console.print(_counts(result))
    if result.faults:
        console.print(_faults(result))
    if len(result.faults) > SHOWN_FAULTS:
        console.print(f"只显示前 {SHOWN_FAULTS} 处；全部用 --report 文件名.xlsx 写出")
    for notice in result.notices:
        console.print(notice, markup=False)
    if result.interrupted:
        console.print(result.interrupted, style="red", markup=False)
    elif result.options.all_or_nothing and result.faults:
        console.print("有误，按 --all-or-nothing 停止：改正后再次运行同一命令", style="red")


def _counts(result: Result) -> Table:
    table = Table(title=result.file, title_justify="left")
    table.add_column("台账")
    table.add_column("行数", justify="right")
    for outcome in Outcome:
        table.add_column(_label(result, outcome), justify="right")
    for count in result.counts:
        numbers = [str(count.outcomes.get(outcome, 0)) for outcome in Outcome]
        table.add_row(count.ledger.sheet, str(count.rows), *numbers)
    return table


def _faults(result: Result) -> Table:
    """Cells are shown as text: what looks like markup in them stays what it is."""
    table = Table(title=f"有误 {len(result.faults)} 处", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for fault in result.faults[:SHOWN_FAULTS]:
        table.add_row(*(Text(cell) for cell in _cells(fault)))
    return table


def _label(result: Result, outcome: Outcome) -> str:
    if outcome is Outcome.UNSENT and result.options.dry_run:
        return CHECKED_LABEL
    return OUTCOME_LABEL[outcome]


def _cells(fault: Fault) -> tuple[str, ...]:
    row = str(fault.row)
    return fault.sheet, row, fault.column, fault.value, fault.problem, fault.right


def write_report(result: Result, path: Path) -> None:
    """All faults, in the form the suffix names. Raises `KeyError` for another suffix."""
    path.write_bytes(WRITERS[path.suffix.lower()](result))


def _as_json(result: Result) -> bytes:
    return json.dumps(document(result), ensure_ascii=False, indent=2).encode()


def _as_csv(result: Result) -> bytes:
    """With a byte order mark, by which Excel knows UTF-8. No cell can start a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for fault in result.faults:
        writer.writerow([_inert(cell) for cell in _cells(fault)])
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell


def _as_xlsx(result: Result) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("有误")
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    for index, (heading, width) in enumerate(zip(HEADINGS, (12, 8, 16, 28, 40, 48), strict=True)):
        sheet.set_column(index, index, width, wrap)
        sheet.write_string(0, index, heading, bold)
    for line, fault in enumerate(result.faults, start=1):
        for index, cell in enumerate(_cells(fault)):
            sheet.write_string(line, index, cell)
        sheet.write_number(line, 1, fault.row)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(result.faults), len(HEADINGS) - 1)
    book.close()
    return content.getvalue()


WRITERS: dict[str, Callable[[Result], bytes]] = {
    ".json": _as_json,
    ".csv": _as_csv,
    ".xlsx": _as_xlsx,
}
