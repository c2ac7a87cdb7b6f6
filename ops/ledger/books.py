"""Spreadsheet files as plain rows of cells. Nothing is parsed before its size is known."""

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import python_calamine

from ops.ledger.cells import Cell

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNZIPPED_BYTES = 200 * 1024 * 1024
"""A workbook is a zip: a few kilobytes can claim gigabytes."""

MAX_ROWS = 200_000
MAX_COLUMNS = 200

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message is for people and says what to do."""


@dataclass(frozen=True)
class Sheet:
    """`rows[0]` is line 1 of the sheet, also where the first lines are empty."""

    name: str
    rows: list[list[Cell]]


def read(path: Path) -> list[Sheet]:
    """All sheets of a workbook (xlsx, xlsm, xlsb, xls, ods), or the one of a CSV file.

    What the file is, its content tells, not its name. Raises `UnreadableFileError`.
    """
    try:
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise UnreadableFileError(
                f"{path.name} 有 {size / 1e6:.0f} MB，超过 {MAX_FILE_BYTES / 1e6:.0f} MB："
                "请拆成几个文件分别导入"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"读不到 {path}：{error.strerror}") from error
    if not content.strip():
        raise UnreadableFileError(f"{path.name} 是空文件")
    if content.startswith(_ZIP):
        _check_unzipped(path.name, content)
    workbook = content.startswith((_ZIP, _OLE))
    sheets = _workbook(path.name, content) if workbook else [_csv(path, content)]
    for sheet in sheets:
        _check_shape(sheet)
    return sheets


def _check_unzipped(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
            if total > MAX_UNZIPPED_BYTES:
                raise UnreadableFileError(
                    f"{name} 解压后有 {total / 1e6:.0f} MB，"
                    f"超过 {MAX_UNZIPPED_BYTES / 1e6:.0f} MB：不是正常的工作簿"
                )
            damaged = archive.testzip()  # also proves that no entry is longer than it says
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError(f"{name} 已损坏，请重新另存为 xlsx：{error}") from error
    if damaged:
        raise UnreadableFileError(f"{name} 已损坏（{damaged}），请重新另存为 xlsx")


def _workbook(name: str, content: bytes) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            return [
                Sheet(title, list(map(list, book.get_sheet_by_name(title).to_python(False))))
                for title in visible
            ]
    except python_calamine.PasswordError as error:
        raise UnreadableFileError(f"{name} 有打开密码，请取消密码后再导入") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFileError(f"{name} 不是能读的工作簿，请另存为 xlsx：{error}") from error


def _csv(path: Path, content: bytes) -> Sheet:
    text = _decoded(path.name, content)
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise UnreadableFileError(f"{path.name} 不是完整的 CSV：{error}") from error
    return Sheet(path.stem, rows)


def _decoded(name: str, content: bytes) -> str:
    """UTF-8 first: hardly any GB18030 text is valid UTF-8 by chance."""
    encodings = ["utf-16"] if content.startswith(_UTF16) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFileError(f"{name} 既不是工作簿，也不是 UTF-8 或 GB18030 编码的 CSV")


def _check_shape(sheet: Sheet) -> None:
    if len(sheet.rows) > MAX_ROWS:
        raise UnreadableFileError(f"工作表“{sheet.name}”超过 {MAX_ROWS} 行：请拆成几个文件")
    if sheet.rows and max(map(len, sheet.rows)) > MAX_COLUMNS:
        raise UnreadableFileError(f"工作表“{sheet.name}”超过 {MAX_COLUMNS} 列：请删去多余的列")
