"""The ledger of transfers: letters that were issued, and when they were received."""

from dataclasses import replace

from contracts.kinds.transfers import TransferCause
from ops.ledger import cells
from ops.ledger.ledgers.common import NAME, code, since
from ops.ledger.ledgers.members import MEMBER
from ops.ledger.model import Column, Ledger, Row, Vocabulary


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
        Column(
            field="counterpart",
            heading="平台外党组织",
            parse=NAME,
            takes="转往平台外时，对方党组织的名称",
            required=False,
            width=30,
        ),
        Column(
            field="cause",
            heading="转接原因",
            family="transfer-cause",
            takes="工作调动、居住地变动、离退休、升学毕业等",
            example="离退休",
        ),
        Column(
            field="received_at",
            heading="接收日期",
            parse=cells.day,
            takes="收到回执的日期，如 2019-06-18；尚未接收的空着",
            required=False,
            example="2019-06-18",
        ),
        since("开具日期"),
    ),
)

VOCABULARY: Vocabulary = {
    "transfer-cause": {cause.value: cause.label for cause in TransferCause},
}
LEDGERS: tuple[Ledger, ...] = (TRANSFERS,)
