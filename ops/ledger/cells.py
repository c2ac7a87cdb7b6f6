"""What a cell may hold: parsers that read it exactly as meant, or say what would be right.

Nothing is guessed. A number that a spreadsheet has already damaged, or a date that could be two
dates, is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Value = str | int | date | time | tuple[str, ...] | None
Parser = Callable[[Cell], Value]


class Unreadable(Exception):
    """A cell that cannot be read; `problem` says why, `right` what would be right."""

    def __init__(self, problem: str, right: str) -> None:
        super().__init__(f"{problem}；{right}")
        self.problem = problem
        self.right = right


EXACT_LIMIT = 1e15
"""Spreadsheets keep 15 significant digits: a larger number has lost its last ones."""

NOON = 12
SHOWN = 60
FIRST_YEAR, LAST_YEAR = 1949, 2099

_WIDE = {0x3000: " ", 0xA0: " ", 0x200B: None, 0xFEFF: None} | {
    wide: wide - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for wide in range(ord(first), ord(last) + 1)
}
_SCIENTIFIC = re.compile(r"[+-]?\d(\.\d+)?E\+\d+", re.IGNORECASE)
_DATE = re.compile(
    r"(?P<year>\d{4})(?:年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日?"
    r"|(?P<sep>[-./])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2})"
    r"|(?P<m3>\d{2})(?P<d3>\d{2}))(?: 0?0:00(?::00)?)?"
)
_TIME = re.compile(
    r"(?P<half>上午|下午|晚上)?(?P<hour>\d{1,2})"
    r"(?::(?P<m1>\d{2})(?::\d{2})?|[时点](?:(?P<m2>\d{1,2})分?|(?P<part>半))?)"
)


def plain(cell: Cell) -> str:
    """The cell as text for codes, numbers, headings and choices: NFKC, no space at the ends."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_LIMIT:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return unicodedata.normalize("NFKC", str(cell)).translate(_WIDE).strip()


def is_blank(cell: Cell) -> bool:
    return not plain(cell)


def shown(cell: Cell) -> str:
    """The cell as a report repeats it, cut where it would fill the screen."""
    text = plain(cell)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _keep_punctuation(cell: Cell) -> str:
    """Names keep their Chinese punctuation; only full-width letters, digits and spaces shrink."""
    text = cell if isinstance(cell, str) else plain(cell)
    return " ".join(unicodedata.normalize("NFC", text).translate(_WIDE).split())


def text(limit: int) -> Parser:
    """A name of at most `limit` characters."""

    def parse(cell: Cell) -> str:
        found = _keep_punctuation(cell)
        if len(found) > limit:
            raise Unreadable(f"共 {len(found)} 个字符，过长", f"不超过 {limit} 个字符")
        if any(unicodedata.category(char) == "Cc" for char in found):
            raise Unreadable("含有看不见的控制字符", "删去后重新填写")
        return found

    return parse


def words(limit: int, each: int) -> Parser:
    """Up to `limit` short names, separated by 、 or ； or a line break."""
    one = text(each)

    def parse(cell: Cell) -> tuple[str, ...]:
        parts = re.split(r"[、;；|\n]", cell if isinstance(cell, str) else plain(cell))
        found = tuple(str(one(part)) for part in parts if not is_blank(part))
        if len(found) > limit:
            raise Unreadable(f"共 {len(found)} 项，过多", f"不超过 {limit} 项，用顿号隔开")
        if len(set(found)) < len(found):
            raise Unreadable("有重复的项", "每项只写一次，用顿号隔开")
        return found

    return parse


def _number_undamaged(cell: Cell) -> None:
    damaged = isinstance(cell, int | float) and abs(cell) >= EXACT_LIMIT
    if damaged or (isinstance(cell, str) and _SCIENTIFIC.fullmatch(plain(cell))):
        raise Unreadable(
            "该格被存为数值，末位已丢失精度", "把该列设为“文本”格式后，按原始材料重新填写"
        )


def code(pattern: str, right: str) -> Parser:
    """Digits and letters that name something; a number cell is fine while it is exact."""
    accepts = re.compile(pattern)

    def parse(cell: Cell) -> str:
        _number_undamaged(cell)
        found = plain(cell)
        if not accepts.fullmatch(found):
            raise Unreadable("代码格式不对", right)
        return found

    return parse


def whole(least: int, most: int) -> Parser:
    """A whole number from `least` to `most`, both included."""
    right = f"填 {least} 到 {most} 的整数，不带单位"

    def parse(cell: Cell) -> int:
        _number_undamaged(cell)
        found = plain(cell)
        if isinstance(cell, bool) or not re.fullmatch(r"-?\d+", found, re.ASCII):
            raise Unreadable("不是整数", right)
        if not least <= (number := int(found)) <= most:
            raise Unreadable("超出范围", right)
        return number

    return parse


_DATE_RIGHT = "填日期，如 2019-06-08、2019年6月8日 或 2019.6.8"


def day(cell: Cell) -> date:
    """A calendar day with a four-digit year."""
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unreadable("日期里带有钟点", "本列只填日期，钟点另填")
        cell = cell.date()
    found = cell if isinstance(cell, date) else _day_from_text(cell)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unreadable("年份超出范围", f"填 {FIRST_YEAR} 到 {LAST_YEAR} 年之间的日期")
    return found


def _day_from_text(cell: Cell) -> date:
    written = plain(cell)
    match = _DATE.fullmatch(written)
    if match is None:
        number = isinstance(cell, int | float) or re.fullmatch(r"\d{5}", written)
        raise Unreadable("日期被存成了数字" if number else "无法识别的日期", _DATE_RIGHT)
    year, *rest = (int(part) for name, part in match.groupdict().items() if part and name != "sep")
    try:
        return date(year, *rest)
    except ValueError:
        raise Unreadable("没有这一天", _DATE_RIGHT) from None


_TIME_RIGHT = "填 24 小时制钟点，如 09:00 或 14:30"


def clock_time(cell: Cell) -> time:
    """Local wall time to the minute."""
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    written = plain(cell).replace(" ", "")
    match = _TIME.fullmatch(written)
    if match is None:
        number = isinstance(cell, int | float)
        raise Unreadable("钟点被存成了数字" if number else "无法识别的钟点", _TIME_RIGHT)
    minute = 30 if match["part"] else int(match["m1"] or match["m2"] or 0)
    hour = int(match["hour"])
    if match["half"] in {"上午", "晚上"} and hour >= NOON:  # noon to some, midnight to others
        raise Unreadable("钟点有两种读法", _TIME_RIGHT)
    if match["half"] in {"下午", "晚上"} and 1 <= hour < NOON:
        hour += NOON
    try:
        return time(hour, minute)
    except ValueError:
        raise Unreadable("没有这个钟点", _TIME_RIGHT) from None


def choice(options: Mapping[str, str]) -> Parser:
    """A code or its Chinese label; `options` is code to label."""
    known = {plain(label): key for key, label in options.items()} | {key: key for key in options}
    right = f"填以下之一：{'、'.join(options.values())}"

    def parse(cell: Cell) -> str:
        found = plain(cell)
        if (key := known.get(found) or known.get(found.lower())) is None:
            raise Unreadable("不在可选范围内", right)
        return key

    return parse
