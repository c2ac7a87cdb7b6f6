"""Help files, pairs and micro-wishes."""

from typing import Any

from ops.ledger import cells
from ops.ledger.ledgers.common import choice, code, column, day, since
from ops.ledger.ledgers.volunteering.common import (
    CONTACT,
    SEALED,
    area_of,
    day_sent,
    flat,
    just_one,
    member_of,
    nested,
    number_of,
    organisation_of,
    person_of,
    registrant_of,
)
from ops.ledger.model import Ledger, Row, sent


def _file(row: Row) -> dict[str, Any]:
    return flat(row, "household") | nested(row, "household", *CONTACT, "situation")


HELP_FILES = Ledger(
    name="help_files",
    sheet="民情档案",
    about="困难家庭帮扶档案。须有家庭书面同意；家庭信息加密保存，到期自动销毁",
    service="membership",
    collection="/v1/help-files",
    path="/v1/help-files",
    one="/v1/help-files?code={code}",
    edit="/v1/help-files/{file_id}",
    body=_file,
    columns=(
        code("档案编号", example="MQ-0101-001"),
        organisation_of("帮扶党组织代码", "负责帮扶的党组织的组织代码", fixed=True),
        area_of("家庭所在社区或网格；空着同帮扶党组织", fixed=True),
        choice("帮扶等级", "grade", "help_grade", "一级帮扶、二级帮扶、三级帮扶", "一级帮扶"),
        choice("困难分类", "difficulty", "difficulty", "低保户、空巢老人等", "空巢老人"),
        code(
            "同意书编号",
            "consent_reference",
            takes="家庭书面同意书的编号",
            fixed=True,
            example="TY-2019-001",
        ),
        day(
            "同意日期",
            "consented_on",
            "家庭签署同意书的日期",
            "2019-03-01",
            calendar_day=True,
            fixed=True,
        ),
        *person_of(("户主姓名", "联系电话", "家庭住址"), member="household"),
        column(
            "基本情况",
            "situation",
            f"不超过 500 个字符；{SEALED}",
            parse=cells.text(500),
            personal=True,
            required=False,
            sends="household",
            width=40,
        ),
        since("建档日期"),
    ),
)


def _one_helps(row: Row) -> None:
    just_one(row, "member", "registrant")


HELP_PAIRS = Ledger(
    name="help_pairs",
    sheet="帮扶对子",
    about="“五帮一”等结对，一行一名党员与一户家庭；家庭须已有民情档案",
    service="membership",
    collection="",
    path="/v1/help-files/{file_id}/helpers",
    named_by=(),
    check=_one_helps,
    columns=(
        code(
            "档案编号",
            "file",
            refers="help_files",
            sends="",
            takes="“民情档案”中的档案编号",
            example="MQ-0101-001",
        ),
        member_of("党员代码", "帮扶的自管党员在“党员名册”中的党员代码", required=False),
        registrant_of("在职党员报到代码", "帮扶的在职党员的报到代码"),
        choice(
            "结对方式",
            "mode",
            "pair_mode",
            "五帮一、一对一、一对多；空着为五帮一",
            "五帮一",
            required=False,
        ),
        since("结对日期"),
    ),
)


def _wish(row: Row) -> dict[str, Any]:
    body = flat(row, "contact", "done") | nested(row, "contact", *CONTACT, "wish")
    if row.values.get("done_on") is not None:
        body["done"] = {"occurred_at": day_sent(row, "done_on")} | {
            column.gives: sent(row, column)
            for field in ("member", "registrant")
            if row.values[field] is not None and (column := row.ledger.column(field))
        }
    return body


def _claimed_and_done(row: Row) -> None:
    if row.values["done_on"] is not None:
        just_one(row, "member", "registrant")
        return
    for field in ("member", "registrant"):
        if row.values[field] is not None:
            row.refuse(field, "没有实现日期", "填实现日期；只认领未实现的在系统中办理，空着本列")


WISHES = Ledger(
    name="wishes",
    sheet="微心愿",
    about="向困难家庭征集的微心愿，一行一个；联系方式和内容加密保存，办结后按期销毁",
    service="membership",
    collection="/v1/wishes",
    path="/v1/wishes",
    named_by=("number",),
    check=_claimed_and_done,
    body=_wish,
    columns=(
        number_of("WXY-2019-001"),
        choice("微心愿类别", "wish_kind", "wish", "生活用品、陪伴关爱等", "陪伴关爱"),
        choice("困难分类", "difficulty", "difficulty", "低保户、空巢老人等", "空巢老人"),
        organisation_of("征集党组织代码", "征集微心愿的党组织的组织代码"),
        area_of("家庭所在社区或网格；空着同征集党组织"),
        since("征集日期"),
        *person_of(("联系人", "联系电话", "家庭住址"), member="contact"),
        column(
            "心愿内容",
            "wish",
            f"不超过 500 个字符；{SEALED}",
            parse=cells.text(500),
            personal=True,
            required=False,
            sends="contact",
            width=40,
        ),
        member_of("认领党员代码", "已实现的填认领党员的党员代码", required=False, sends="done"),
        registrant_of("认领在职党员报到代码", "由在职党员认领的填报到代码", sends="done"),
        day(
            "实现日期",
            "done_on",
            "已实现的填实现日期，不早于征集日期；未实现空着",
            "2019-06-10",
            required=False,
            sends="done",
        ),
    ),
)
