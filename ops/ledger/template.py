"""The workbook staff fill in: one sheet a ledger, and a guide in front."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from ops.ledger.ledgers import LEDGERS, VOCABULARY
from ops.ledger.model import Column, Ledger
from ops.ledger.sheets import GUIDE

FILLABLE_ROWS = 5000
"""Lines that get drop-downs and the text format; more may be filled in."""

Line = Mapping[str, str]
"""Heading to what stands in the cell."""

_NOTES = (
    "一张工作表是一种台账；用不到的工作表可以空着或删去。第一行是表头，从第二行起填写。",
    "带 * 的列必填。鼠标移到表头上可看到该列填什么；有下拉箭头的格从列表中选。",
    "代码列已设为“文本”格式，请勿改为数值：15 位以上的数字存为数值会丢失末位。",
    "各表以代码互相引用：同一文件里新登记的组织、基地、场馆可直接被引用，先后不拘。",
    "再次导入同一内容不会重复登记。已登记的代码内容有变，导入时会指出不同；确要变更请加 --update。",
    "更新时空着的可选列表示“不变”。",
    "“接待”表没有编号的行以整行内容识别：与已登记的接待完全相同的行视为同一批次。",
    "同一天、同一场馆、人数也相同的两批次，请用“台账编号”区分。",
    "先试：jiceng import 文件 --dry-run；只检查，不写入。出错的行逐一列出，其余照常导入。",
    "要么全部、要么不导入：jiceng import 文件 --all-or-nothing。",
    "也可导入 CSV（UTF-8 或 GB18030），一个文件一种台账，表头同下；区划可直接用国家代码表。",
)


def write_template(path: Path, lines: Mapping[str, Iterable[Line]] | None = None) -> None:
    """The workbook at `path`; `lines` by ledger's name fill it.

    Written aside and moved into place, so that a reader never meets half a workbook.
    """
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_bytes(workbook(lines or {}))
    unfinished.replace(path)


def workbook(lines: Mapping[str, Iterable[Line]]) -> bytes:
    """Text is always written as text, so nothing in `lines` can become a formula."""
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False})
    style = _Styles(book)
    _guide(book, style)
    for ledger in LEDGERS:
        _sheet(book, style, ledger, list(lines.get(ledger.name, ())))
    book.close()
    return content.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        base = {"font_name": "Microsoft YaHei", "font_size": 11, "valign": "vcenter"}
        head = base | {"bold": True, "bottom": 1, "bg_color": "#E8EEF4"}
        self.title = book.add_format(base | {"bold": True, "font_size": 16})
        self.section = book.add_format(base | {"bold": True, "font_size": 13})
        self.plain = book.add_format(base | {"text_wrap": True, "valign": "top"})
        self.bare = book.add_format(base)
        self.head = book.add_format(head)
        self.required = book.add_format(head | {"font_color": "#9C1C1C"})
        self.cell = book.add_format(base | {"num_format": "@"})


def _guide(book: Any, style: _Styles) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    for index, width in enumerate((12, 18, 8, 64, 34)):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, "基层台账导入", style.title)
    line = 2
    for number, note in enumerate(_NOTES, start=1):
        sheet.merge_range(line, 0, line, 4, f"{number}. {note}", style.plain)
        line += 1
    for ledger in LEDGERS:
        line = _explain(sheet, style, ledger, line + 1)


def _explain(sheet: Any, style: _Styles, ledger: Ledger, line: int) -> int:
    """The columns of one ledger as lines of the guide; the next free line."""
    sheet.write_string(line, 0, ledger.sheet, style.section)
    sheet.write_string(line, 1, ledger.about, style.bare)
    line += 1
    for index, heading in enumerate(("", "列", "必填", "填什么", "示例")):
        sheet.write_string(line, index, heading, style.head)
    for column in ledger.columns:
        line += 1
        said = ("", column.heading, "是" if column.required else "", _takes(column), column.example)
        for index, text in enumerate(said):
            sheet.write_string(line, index, text, style.plain)
    return line + 1


def _takes(column: Column) -> str:
    others = f"（表头也可写作：{'、'.join(column.aliases)}）" if column.aliases else ""
    return f"{column.takes}{others}"


def _sheet(book: Any, style: _Styles, ledger: Ledger, lines: Sequence[Line]) -> None:
    sheet = book.add_worksheet(ledger.sheet)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(ledger.columns):
        sheet.set_column(index, index, column.width, style.cell)
        heading = f"{column.heading}*" if column.required else column.heading
        sheet.write_string(0, index, heading, style.required if column.required else style.head)
        note = f"{column.takes}\n示例：{column.example}" if column.example else column.takes
        sheet.write_comment(0, index, note, {"x_scale": 2, "y_scale": 1.2})
        if column.family is not None:
            _drop_down(sheet, index, column)
    for number, line in enumerate(lines, start=1):
        unknown = set(line) - {column.heading for column in ledger.columns}
        if unknown:
            raise ValueError(f"{ledger.sheet} has no column {', '.join(sorted(unknown))}")
        for index, column in enumerate(ledger.columns):
            if text := line.get(column.heading):
                sheet.write_string(number, index, text, style.cell)


def _drop_down(sheet: Any, index: int, column: Column) -> None:
    labels = list(VOCABULARY[column.family or ""].values())
    sheet.data_validation(
        1,
        index,
        FILLABLE_ROWS,
        index,
        {
            "validate": "list",
            "source": labels,
            "error_type": "warning",
            "error_title": column.heading,
            "error_message": f"模板里可选：{'、'.join(labels)}",
        },
    )
