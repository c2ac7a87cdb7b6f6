"""The ledger of transfers: letters that were issued, and when they were received."""

from dataclasses import replace

from contracts.kinds.transfers import TransferCause
from ops.ledger.ledgers.common import choice, code, day, since, text
from ops.ledger.ledgers.members import MEMBER
from ops.ledger.model import Ledger, Row, Vocabulary


def _one_receiver(row: Row) -> None:
    """Inside the platform by code, outside by name."""
    inside, outside = row.values.get("to"), row.values.get("counterpart")
    if (inside is None) is (outside is None):
        row.refuse("to", "转入组织代码与平台外党组织应填且只填一项")


TRANSFERS = Ledger(
    name="transfers",
    sheet="组织关系转接",
    about="开具的介绍信，一行一封；已接收的同时填接收日期。同一党员的几次转接分次导入",
    service="membership",
    collection="/v1/transfers",
    path="/v1/transfers",
    named_by=("member", "since"),
    check=_one_receiver,
    columns=(
        replace(MEMBER, sends="member_id"),
        code(
            "转入组织代码",
            "to",
            refers="organisations",
            gives="organisation_id",
            sends="to_id",
            takes="转入党支部的组织代码；转往平台外的空着",
            required=False,
            example="ZB410305001002-01",
        ),
        text(
            "平台外党组织",
            "counterpart",
            "转往平台外时，对方党组织的名称",
            required=False,
            width=30,
        ),
        choice(
            "转接原因",
            "cause",
            "transfer-cause",
            "工作调动、居住地变动、离退休、升学毕业等",
            "离退休",
        ),
        day(
            "接收日期",
            "received_at",
            "收到回执的日期，如 2019-06-18；尚未接收的空着",
            "2019-06-18",
            required=False,
        ),
        since("开具日期"),
    ),
)

VOCABULARY: Vocabulary = {
    "transfer-cause": {cause.value: cause.label for cause in TransferCause},
}
LEDGERS: tuple[Ledger, ...] = (TRANSFERS,)
