"""Columns and bodies that the ledgers of volunteering share."""

from typing import Any

from ops.ledger import cells
from ops.ledger.ledgers.common import AREA_CODE, code, member, organisation
from ops.ledger.model import Column, Row, sent

CONTACT = ("name", "phone", "address")
SEALED = "加密保存，平时遮挡显示"


def area_of(takes: str, *, fixed: bool = False) -> Column:
    return code(
        "区划代码",
        "area",
        refers="areas",
        parse=AREA_CODE,
        takes=takes,
        required=False,
        fixed=fixed,
        example="410305006001",
    )


def organisation_of(heading: str, takes: str, *, fixed: bool = False) -> Column:
    return organisation(heading, takes, fixed=fixed)


def member_of(
    heading: str, takes: str, *, required: bool = True, sends: str = "member_id"
) -> Column:
    return member(heading, takes, sends=sends, required=required, fixed=True)


def registrant_of(heading: str, takes: str, *, sends: str = "registrant_id") -> Column:
    return code(
        heading,
        "registrant",
        refers="registrants",
        gives="registrant_id",
        sends=sends,
        takes=takes,
        required=False,
        fixed=True,
    )


def just_one(row: Row, *fields: str) -> None:
    """Refuse the row unless exactly one of `fields` is filled in."""
    if sum(row.values[field] is not None for field in fields) != 1:
        headings = "、".join(c.heading for f in fields if (c := row.ledger.column(f)) is not None)
        row.refuse(fields[0], f"{headings}须填且只填一个", f"在{headings}中只填一个")


def number_of(example: str) -> Column:
    return code(
        "台账编号",
        "number",
        takes="纸质台账上的编号，可空；填了以编号识别，同一编号只导入一次",
        required=False,
        sends="",
        example=example,
    )


def person_of(headings: tuple[str, str, str], *, member: str) -> tuple[Column, ...]:
    """Name, phone and address of a resident: parts of one member of the body."""
    name, phone, address = headings
    given: dict[str, Any] = {"required": False, "sends": member, "personal": True}
    return (
        Column(field="name", heading=name, parse=cells.text(60), takes=f"姓名；{SEALED}", **given),
        Column(
            field="phone",
            heading=phone,
            parse=cells.code(r"\+?[0-9()-]{5,20}", "填手机或固定电话，单元格设为文本格式"),
            takes=f"手机或固定电话；{SEALED}",
            **given,
        ),
        Column(
            field="address",
            heading=address,
            parse=cells.text(120),
            takes=f"地址；{SEALED}",
            width=30,
            **given,
        ),
    )


def nested(row: Row, member: str, *fields: str) -> dict[str, Any]:
    """The cells of `fields` as one object of the body; nothing where all are blank."""
    said = {field: row.values[field] for field in fields if row.values.get(field) is not None}
    return {member: said} if said else {}


def flat(row: Row, *nested: str) -> dict[str, Any]:
    """The body out of the columns alone, without those that are parts of `nested` members."""
    return {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if column.member
        and column.member not in nested
        and row.values.get(column.field) is not None
    }


def day_sent(row: Row, field: str) -> object:
    column = row.ledger.column(field)
    return sent(row, column) if column else None
