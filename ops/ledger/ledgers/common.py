"""Columns and parsers that several ledgers share."""

from typing import Any

from ops.ledger import cells
from ops.ledger.model import Column

AREA_CODE = cells.code(
    r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15}",
    "填 2、4、6、9、12 或 15 位数字的区划代码，如 410305 或 410305006001",
)
CODE_TAKES = "1 到 40 位字母、数字，可含 . _ -，以字母或数字开头"
CODE = cells.code(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", f"填 {CODE_TAKES}")
NAME = cells.text(120)
HEADCOUNT = cells.whole(1, 100_000)


def code(heading: str, field: str = "code", **more: Any) -> Column:
    given: dict[str, Any] = {"takes": CODE_TAKES, "parse": CODE, "width": 20}
    return Column(field=field, heading=heading, **(given | more))


def since(heading: str) -> Column:
    return Column(
        field="since",
        heading=heading,
        sends="occurred_at",
        parse=cells.day,
        takes="日期，如 2019-06-08；补录历史时填写，空着按导入时刻计；不能晚于今天",
        required=False,
        example="2019-06-08",
    )


def area(takes: str, *, fixed: bool = False) -> Column:
    return code(
        "区划代码",
        "area",
        refers="areas",
        parse=AREA_CODE,
        takes=takes,
        fixed=fixed,
        aliases=("所在区划", "所属区划代码", "area"),
        example="410305006001",
    )


def organisation(heading: str, takes: str, **more: Any) -> Column:
    given: dict[str, Any] = {"example": "ZB410305001001-01"}
    same = {"refers": "organisations", "gives": "organisation_id", "sends": "organisation_id"}
    return code(heading, "organisation", takes=takes, **same, **(given | more))


def member(heading: str, takes: str, **more: Any) -> Column:
    same = {"refers": "members", "gives": "member_id", "example": "D410305001001-0001"}
    return code(heading, "member", takes=takes, **same, **more)


def base(takes: str, **more: Any) -> Column:
    same = {"refers": "bases", "sends": "base_id", "example": "JD-01"}
    return code("基地代码", "base", takes=takes, **same, **more)


def column(heading: str, field: str, takes: str, example: str = "", **more: Any) -> Column:
    return Column(field=field, heading=heading, takes=takes, example=example, **more)


def choice(
    heading: str, field: str, family: str, takes: str, example: str = "", **more: Any
) -> Column:
    """One of a family of codes."""
    return column(heading, field, takes, example, family=family, **more)


def text(heading: str, field: str, takes: str, example: str = "", **more: Any) -> Column:
    return column(heading, field, takes, example, parse=NAME, **more)


def day(heading: str, field: str, takes: str, example: str = "", **more: Any) -> Column:
    return column(heading, field, takes, example, parse=cells.day, **more)


def clock(heading: str, field: str, takes: str, example: str = "", **more: Any) -> Column:
    """A time of the day."""
    return column(heading, field, takes, example, parse=cells.clock_time, width=10, **more)


def whole(
    heading: str, field: str, least: int, most: int, takes: str, example: str = "", **more: Any
) -> Column:
    """A whole number, both bounds included."""
    given: dict[str, Any] = {"parse": cells.whole(least, most), "width": 10}
    return column(heading, field, takes, example, **(given | more))


def people(heading: str, field: str, takes: str, example: str = "", **more: Any) -> Column:
    given: dict[str, Any] = {"parse": HEADCOUNT, "width": 10}
    return column(heading, field, takes, example, **(given | more))
