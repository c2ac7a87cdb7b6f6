"""Sheets to rows: which ledger a sheet is, where its headings are, and what its cells say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ops.ledger.books import Sheet
from ops.ledger.cells import Cell, Parser, Unreadable, Value, is_blank, plain, shown
from ops.ledger.ledgers import BY_NAME, LEDGERS
from ops.ledger.model import Column, Fault, Ledger, Row, Vocabulary, digest

HEADER_WITHIN = 10
"""Title and notes may stand above the headings, in so many lines at most."""

GUIDE = "说明"


@dataclass
class Reading:
    """What a file says, before anybody else is asked."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    """Faults of whole sheets; those of rows are with the rows."""
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Header:
    ledger: Ledger
    line: int
    """Counted from 1, as spreadsheets do."""
    places: Mapping[str, int]
    """Field to column index."""
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]

    @property
    def missing(self) -> list[Column]:
        return [c for c in self.ledger.columns if c.required and c.field not in self.places]


def read_sheets(
    sheets: list[Sheet], *, vocabulary: Vocabulary, today: date, only: str | None = None
) -> Reading:
    """Rows of every sheet that is a ledger. `only` names the ledger that is wanted."""
    reading = Reading()
    for sheet in sheets:
        if sheet.name.strip() == GUIDE and len(sheets) > 1:
            continue
        header = find_header(sheet, only)
        if header is None:
            _unrecognised(sheet, reading, only=only, alone=len(sheets) == 1)
        elif header.missing or header.repeated:
            reading.faults += _header_faults(sheet, header)
        else:
            if header.unknown:
                names = "、".join(header.unknown)
                reading.notices.append(f"工作表“{sheet.name}”的列“{names}”不在模板中，未导入")
            reading.rows += _rows(sheet, header, vocabulary, today)
    _refuse_repeated(reading.rows)
    _count_occurrences(reading.rows)
    return reading


def find_header(sheet: Sheet, only: str | None = None) -> Header | None:
    """The headings within the first lines, of the ledger they fit best; None when they fit none.

    The name of a sheet decides between ledgers; without it all required columns must be there.
    """
    named = next((ledger for ledger in LEDGERS if ledger.sheet == sheet.name.strip()), None)
    if only is not None:
        if named is not None and named.name != only:
            return None
        named = BY_NAME[only]
    candidates = [
        header
        for line, cells in enumerate(sheet.rows[:HEADER_WITHIN], start=1)
        for ledger in ([named] if named else LEDGERS)
        if (header := _header(ledger, line, cells)).places
    ]
    if named is None:
        candidates = [header for header in candidates if not header.missing]
    if not candidates:
        return None
    best = max(candidates, key=_fit)
    rivals = {h.ledger.name for h in candidates if _fit(h)[:2] == _fit(best)[:2]}
    return best if len(rivals) == 1 else None


def _fit(header: Header) -> tuple[int, int, int]:
    return len(header.places), -len(header.unknown), -header.line


def _header(ledger: Ledger, line: int, cells: list[Cell]) -> Header:
    names = {
        _heading(name): column.field
        for column in ledger.columns
        for name in (column.heading, column.field, *column.aliases)
    }
    found = [(index, _heading(cell)) for index, cell in enumerate(cells) if not is_blank(cell)]
    known = [(index, names[name]) for index, name in found if name in names]
    counts = Counter(field for _, field in known)
    return Header(
        ledger=ledger,
        line=line,
        places={name: index for index, name in reversed(known)},
        unknown=tuple(shown(cells[index]) for index, name in found if name not in names),
        repeated=tuple(name for name, times in counts.items() if times > 1),
    )


def _heading(cell: Cell) -> str:
    """Headings compare without spaces, marks of obligation and what stands in brackets."""
    text = plain(cell).replace("*", "").split("(", 1)[0]
    return "".join(text.split()).lower()


def _unrecognised(sheet: Sheet, reading: Reading, *, only: str | None, alone: bool) -> None:
    if all(is_blank(cell) for row in sheet.rows for cell in row):
        return
    wanted = [ledger for ledger in LEDGERS if only in {None, ledger.name}]
    if alone or sheet.name.strip() in {ledger.sheet for ledger in wanted}:
        heads = "、".join(c.heading for c in wanted[0].columns if c.required)
        right = f"表头须有：{heads}" if only else "按模板写表头，或用 --ledger 指明是哪种台账"
        problem = f"前 {HEADER_WITHIN} 行里认不出台账的表头"
        reading.faults.append(Fault(sheet.name, 1, "", "", problem, right))
    elif only is None:
        reading.notices.append(f"工作表“{sheet.name}”不是台账，已跳过")


def _header_faults(sheet: Sheet, header: Header) -> list[Fault]:
    missing = [
        Fault(
            sheet.name, header.line, column.heading, "", "缺少这一列", f"补上该列：{column.takes}"
        )
        for column in header.missing
    ]
    repeated = [
        Fault(sheet.name, header.line, column.heading, "", "这一列出现了两次", "只保留一列")
        for name in header.repeated
        if (column := header.ledger.column(name)) is not None
    ]
    return missing + repeated


def _rows(sheet: Sheet, header: Header, vocabulary: Vocabulary, today: date) -> list[Row]:
    rows = []
    parsers = {c.field: c.parser(vocabulary) for c in header.ledger.columns}
    for number, cells in enumerate(sheet.rows[header.line :], start=header.line + 1):
        places = header.places.items()
        found = {name: cells[at] if at < len(cells) else None for name, at in places}
        if all(is_blank(cell) for cell in found.values()):
            continue
        row = Row(header.ledger, sheet.name, number, found, {})
        for column in header.ledger.columns:
            _read_cell(row, column, parsers[column.field], today)
        if header.ledger.check is not None:
            header.ledger.check(row)
        rows.append(row)
    return rows


def _read_cell(row: Row, column: Column, parse: Parser, today: date) -> None:
    cell = row.cells.get(column.field)
    row.values[column.field] = None
    if is_blank(cell):
        if column.required:
            row.refuse(column.field, "不能为空")
        return
    try:
        value = parse(cell)
    except Unreadable as refused:
        row.refuse(column.field, refused.problem, refused.right)
        return
    if isinstance(value, date) and value > today and not column.ahead:
        row.refuse(column.field, "晚于今天", "填已经发生的日期，不能晚于今天")
    row.values[column.field] = value


def _refuse_repeated(rows: list[Row]) -> None:
    first: dict[tuple[str, tuple[Value, ...]], Row] = {}
    for row in rows:
        if row.name is None:
            continue
        earlier = first.setdefault((row.ledger.name, row.name), row)
        if earlier is not row:
            sheet = "" if earlier.sheet == row.sheet else f"“{earlier.sheet}”"
            row.refuse(
                row.ledger.named_by[-1],
                f"与{sheet}第 {earlier.number} 行重复",
                "同一代码或编号只写一行，删去多余的一行",
            )


def _count_occurrences(rows: list[Row]) -> None:
    seen: Counter[str] = Counter()
    for row in rows:
        said = digest(row.ledger.name, row.said)
        seen[said] += 1
        row.occurrence = seen[said]
