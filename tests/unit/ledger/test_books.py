"""Files are sized before they are parsed, and known by content."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from ops.ledger import books
from ops.ledger.books import UnreadableFileError
from ops.ledger.ledgers import LEDGERS
from ops.ledger.template import workbook

HEADER = "code,name,level,parent_code\n"


def test_csv_is_read_in_utf8_with_and_without_mark_in_gb18030_and_utf16(tmp_path: Path):
    text = f"{HEADER}410305,涧西区,district,\n"
    file = tmp_path / "a.csv"
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        file.write_bytes(text.encode(encoding))
        assert books.read(file)[0].rows[1][:2] == ["410305", "涧西区"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_delimiters_are_told_by_the_first_line(tmp_path: Path, delimiter: str):
    file = tmp_path / "a.csv"
    file.write_text(delimiter.join(["a", "b"]) + "\n" + delimiter.join(["1", "2"]))
    assert books.read(file)[0].rows == [["a", "b"], ["1", "2"]]


def test_a_workbook_is_known_by_content_whatever_its_name(tmp_path: Path):
    file = tmp_path / "ledger.csv"
    file.write_bytes(workbook({}))
    sheets = [sheet.name for sheet in books.read(file)]
    assert sheets == ["说明", *(ledger.sheet for ledger in LEDGERS)]
    assert {"区划", "党组织", "党员名册", "活动", "基地", "接待"} <= set(sheets)


def test_rows_keep_the_numbers_they_have_in_the_sheet(tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["B4"] = date(2019, 6, 8)
    book.save(tmp_path / "a.xlsx")
    rows = books.read(tmp_path / "a.xlsx")[0].rows
    assert rows[3][1] == date(2019, 6, 8)


def refusal(file: Path) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        books.read(file)
    return str(refused.value)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path):
    file = tmp_path / "a.csv"
    with file.open("wb") as sparse:
        sparse.truncate(books.MAX_FILE_BYTES + 1)
    assert "超过 21 MB" in refusal(file)


def test_a_zip_bomb_is_refused_by_what_it_would_unpack_to(tmp_path: Path):
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(books.MAX_UNZIPPED_BYTES // 2**20 + 1):
            entry.write(bytes(2**20))
    file = tmp_path / "bomb.xlsx"
    file.write_bytes(content.getvalue())
    assert "不是正常的工作簿" in refusal(file)


def test_a_damaged_or_foreign_file_is_refused_in_words(tmp_path: Path):
    file = tmp_path / "a.xlsx"
    for content, said in (
        (b"", "是空文件"),
        (b"  \n", "是空文件"),
        (workbook({})[:-200], "已损坏"),
        (b"\xd0\xcf\x11\xe0 nothing more", "不是能读的工作簿"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xff", "既不是工作簿，也不是"),
    ):
        file.write_bytes(content)
        assert said in refusal(file)
    assert "读不到" in refusal(tmp_path / "missing.xlsx")


def test_too_many_columns_are_refused(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("a," * (books.MAX_COLUMNS + 1))
    assert "超过 200 列" in refusal(file)
