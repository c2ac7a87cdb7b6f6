"""The sheets of transfers and dues: what staff write becomes the commands the service takes."""

from typing import Any

import pytest

from ops.ledger.cells import Unreadable
from ops.ledger.ledgers.dues import month, months
from ops.ledger.model import Row, body_of
from ops.ledger.sending import command_of
from services.membership.api.dues.commands import PaymentRequest, StandardRequest
from services.membership.api.transfers.views import SendRequest
from tests.unit.ledger import reading

MEMBER = "019a2b3c-0000-7000-8000-000000050002"
BRANCH = "019a2b3c-0000-7000-8000-000000000002"


def rows(sheet: str, *lines: dict[str, Any]) -> list[Row]:
    found = reading.rows(sheet, *lines)
    for row in found:
        row.targets["member"] = {"member_id": MEMBER}
        if row.values.get("to"):
            row.targets["to"] = {"organisation_id": BRANCH}
    return found


def test_a_retired_member_s_transfer_with_its_receipt():
    (row,) = rows(
        "组织关系转接",
        {
            "党员代码": "DY-1",
            "转入组织代码": "ZB-2",
            "转接原因": "离退休",
            "开具日期": "2019-06-08",
            "接收日期": "2019年6月18日",
        },
    )

    body = body_of(row)
    asked = SendRequest.model_validate(body)
    assert (str(asked.member_id), str(asked.to_id)) == (MEMBER, BRANCH)
    assert asked.cause == "retired"
    assert body["received_at"] == "2019-06-18T00:00:00+08:00"
    assert body["occurred_at"] == "2019-06-08T00:00:00+08:00"


@pytest.mark.parametrize("sides", [{}, {"转入组织代码": "ZB-2", "平台外党组织": "某局党委"}])
def test_a_transfer_goes_to_one_receiver_inside_or_outside(sides):
    line = {"党员代码": "DY-1", "转接原因": "工作调动"} | sides

    (row,) = rows("组织关系转接", line)

    assert [fault.column for fault in row.faults] == ["转入组织代码"]


def test_dues_are_written_in_yuan_and_sent_in_fen():
    (paid,) = rows(
        "党费交纳",
        {
            "党员代码": "DY-1",
            "收据号": "SJ-1",
            "交纳方式": "线上交纳",
            "交纳日期": "2019-06-08",
            "金额（元）": 90.5,
            "所交月份": "2019年5月、2019-06",
        },
    )

    body = body_of(paid)
    assert body == {
        "member_id": MEMBER,
        "receipt": "SJ-1",
        "purpose": "regular",
        "channel": "online",
        "paid_on": "2019-06-08",
        "amount": 9050,
        "months": ["2019-05-01", "2019-06-01"],
    }
    assert PaymentRequest.model_validate(body).amount == 9050


def test_standards_of_several_members_are_commands_of_their_own():
    line = {"党员代码": "DY-1", "交纳依据": "按月领取工资", "每月收入（元）": 4500}
    first, second = rows(
        "党费标准",
        line | {"起交月份": "2019-06"},
        line | {"起交月份": "2019-07"},
    )

    body = body_of(first)
    assert body == {"payer": "salaried", "income": 450_000, "from_month": "2019-06-01"}
    assert StandardRequest.model_validate(body).income == 450_000
    commands = [command_of(row) for row in (first, second)]
    assert {command.path for command in commands} == {f"/v1/members/{MEMBER}/dues-standards"}
    assert len({command.key for command in commands}) == 2


@pytest.mark.parametrize("written", ["2019-06", "2019年6月", "2019/6", "2019.06", "2019-06-18"])
def test_a_month_is_read_as_people_write_it(written):
    assert month(written).isoformat() == "2019-06-01"


@pytest.mark.parametrize("written", ["六月", "2019", "2019-13", "06-2019-"])
def test_what_is_no_month_is_refused_with_what_would_be_right(written):
    with pytest.raises(Unreadable, match="月份"):
        month(written)


def test_no_months_are_none():
    assert months("") == ()
