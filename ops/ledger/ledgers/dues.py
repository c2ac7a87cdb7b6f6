"""Ledgers of dues: what somebody pays (党费标准) and what was paid (党费交纳)."""

from dataclasses import replace
from datetime import date
from typing import Any

from contracts.kinds.dues import DuesChannel, DuesPurpose, DuesRhythm, Payer
from ops.ledger import cells
from ops.ledger.cells import Cell, Unreadable, plain
from ops.ledger.ledgers.books import yuan
from ops.ledger.ledgers.common import choice, code, column, day
from ops.ledger.ledgers.members import MEMBER
from ops.ledger.model import Ledger, Row, Vocabulary, sent

MONTH_RIGHT = "填月份，如 2019-06 或 2019年6月；几个月用顿号隔开"
MONTHS = cells.words(60, 12)


def month(cell: Cell) -> date:
    """`2019-06`, `2019年6月`, or any day of that month."""
    written = plain(cell).replace("年", "-").replace("/", "-").replace(".", "-").rstrip("月")
    try:
        year, number, *_ = (int(part) for part in written.split("-"))
        return date(year, number, 1)
    except ValueError:
        raise Unreadable("无法识别的月份", MONTH_RIGHT) from None


def months(cell: Cell) -> tuple[str, ...]:
    """First days, in the order written."""
    return tuple(month(part).isoformat() for part in MONTHS(cell) or ())  # type: ignore[union-attr]


def _paid(row: Row) -> dict[str, Any]:
    said = {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if column.member and row.values.get(column.field) is not None
    }
    return {"purpose": DuesPurpose.REGULAR.value} | said


STANDARDS = Ledger(
    name="dues_standards",
    sheet="党费标准",
    about="核定每名党员每月应交的党费。收入只用于计算，不保存",
    service="membership",
    collection="",
    path="/v1/members/{member_id}/dues-standards",
    named_by=(),
    columns=(
        MEMBER,
        choice(
            "交纳依据",
            "payer",
            "dues_payer",
            "按月领取工资、离退休、农民、学生等",
            "按月领取工资",
            width=20,
        ),
        column(
            "每月收入（元）",
            "income",
            "税后月收入或离退休费，按比例交纳的填写；只用于计算，不保存",
            "4500",
            parse=yuan,
            required=False,
        ),
        column("每月交纳（元）", "amount", "农民党员填写，0.2 至 1 元", parse=yuan, required=False),
        choice(
            "收缴周期", "rhythm", "dues_rhythm", "按月、按季；空着为按月", "按月", required=False
        ),
        column("起交月份", "from_month", "如 2019-06", "2019-06", parse=month, calendar_day=True),
    ),
)

PAYMENTS = Ledger(
    name="dues_payments",
    sheet="党费交纳",
    about="已交的党费，一行一张收据。同一党组织的收据号不重复",
    service="membership",
    collection="/v1/dues/payments",
    path="/v1/dues/payments",
    named_by=("member", "receipt"),
    body=_paid,
    columns=(
        replace(MEMBER, sends="member_id"),
        code("收据号", "receipt", example="SJ-2019-0001"),
        choice(
            "性质", "purpose", "dues_purpose", "党费、自愿多交；空着为党费", "党费", required=False
        ),
        choice(
            "交纳方式", "channel", "dues_channel", "现金、银行转账、线上交纳、代扣代交", "线上交纳"
        ),
        day(
            "交纳日期",
            "paid_on",
            "日期，如 2019-06-08；不能晚于今天",
            "2019-06-08",
            calendar_day=True,
        ),
        column("金额（元）", "amount", "金额，如 45 或 45.50", "45", parse=yuan),
        column(
            "所交月份",
            "months",
            "如 2019-06；几个月用顿号隔开；自愿多交的空着",
            "2019-05、2019-06",
            parse=months,
            required=False,
            width=24,
        ),
    ),
)

VOCABULARY: Vocabulary = {
    "dues_payer": {payer.value: payer.label for payer in Payer},
    "dues_rhythm": {rhythm.value: rhythm.label for rhythm in DuesRhythm},
    "dues_purpose": {purpose.value: purpose.label for purpose in DuesPurpose},
    "dues_channel": {channel.value: channel.label for channel in DuesChannel},
}
LEDGERS: tuple[Ledger, ...] = (STANDARDS, PAYMENTS)
