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
