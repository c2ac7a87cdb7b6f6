"""Ledgers of the tree: 区划, 党组织, 换届选举, 两新组织 and who instructs them, 后备干部."""

from typing import Any

from contracts.areas import LEVEL_LABEL, AreaLevel, level_of, parent_of
from contracts.kinds.organisations import (
    Body,
    Coverage,
    NewOrganisationKind,
    OrganisationKind,
)
from ops.ledger import cells
from ops.ledger.ledgers.common import (
    AREA_CODE,
    CODE_TAKES,
    area,
    choice,
    code,
    column,
    day,
    organisation,
    since,
    text,
    whole,
)
from ops.ledger.model import Column, Ledger, Row, Vocabulary, sent


def _area_agrees(row: Row) -> None:
    """Level and parent follow from the code. Below a district the parent must be registered."""
    if row.values["code"] is None:
        return
    code = str(row.values["code"])
    level, parent = level_of(code), parent_of(code)
    if row.values.get("level") not in {None, level.value}:
        row.refuse("level", "与区划代码的位数不符", f"{len(code)} 位代码应为“{LEVEL_LABEL[level]}”")
    if row.values.get("parent") not in {None, parent}:
        row.refuse(
            "parent", "与区划代码不符", f"应为 {parent}" if parent else "省级没有上级，应空着"
        )
    alone = {AreaLevel.PROVINCE, AreaLevel.CITY, AreaLevel.DISTRICT}
    row.values["parent"] = None if level in alone else parent


def _not_its_own_parent(row: Row) -> None:
    parent = row.values["parent"]
    if parent is not None and parent == row.values["code"]:
        row.refuse("parent", "上级是自己", "填上级党组织的代码；没有上级则空着")


def _day(heading: str, field: str, example: str) -> Column:
    return day(
        heading, field, "日期，如 2026-03-02；不能晚于今天", example, calendar_day=True, fixed=True
    )


def _count(heading: str, field: str, example: str) -> Column:
    return whole(
        heading, field, 0, 1_000_000, "人数，整数，不带单位；空着为 0", example, required=False
    )


def _neworg(sends: str = "neworg_id") -> Column:
    return code(
        "两新组织代码",
        "neworg",
        refers="new_organisations",
        gives="neworg_id",
        sends=sends,
        takes="“两新组织”中的代码",
        example="LX410305001001-01",
    )


def _instructor(row: Row) -> dict[str, Any]:
    """The name goes along when the instructor is new; what is registered shows it masked."""
    said = {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if column.member and row.values.get(column.field) is not None
    }
    return said if row.existing else said | {"name": row.values["name"]}


AREAS = Ledger(
    name="areas",
    sheet="区划",
    about="街道、社区、网格。区以下的上级须已登记或在本表中；可直接用国家统计用区划代码表",
    service="membership",
    collection="/v1/areas",
    method="PUT",
    path="/v1/areas/{code}",
    one="/v1/areas/{code}",
    edit="/v1/areas/{code}",
    check=_area_agrees,
    columns=(
        code(
            "区划代码",
            parse=AREA_CODE,
            takes="国家统计用区划代码：区 6 位、街道 9 位、社区 12 位、网格 15 位",
            aliases=("统计用区划代码", "代码", "code"),
            example="410305006001",
            sends="",
        ),
        text(
            "区划名称",
            "name",
            "名称，不超过 120 个字符",
            "重庆路街道",
            aliases=("名称", "name"),
            width=30,
        ),
        choice(
            "级别",
            "level",
            "area_level",
            "省、市、区、街道、社区、网格；可空，按代码位数确定",
            "街道",
            required=False,
            aliases=("层级", "区划级别", "level"),
            sends="",
        ),
        code(
            "上级区划代码",
            "parent",
            parse=AREA_CODE,
            takes="上级区划的代码；可空，按代码确定",
            required=False,
            aliases=("上级代码", "parent_code"),
            refers="areas",
            sends="",
            example="410305",
        ),
        since("设立日期"),
    ),
)

ORGANISATIONS = Ledger(
    name="organisations",
    sheet="党组织",
    about="党组织。上级可在同一表中，先后不拘",
    service="membership",
    collection="/v1/organisations",
    path="/v1/organisations",
    one="/v1/organisations?code={code}",
    edit="/v1/organisations/{organisation_id}",
    check=_not_its_own_parent,
    columns=(
        code("组织代码", aliases=("党组织代码",), example="ZB410305001001-01"),
        text(
            "组织名称",
            "name",
            "全称，不超过 120 个字符",
            "唐村社区第一党支部",
            aliases=("党组织名称",),
            width=36,
        ),
        choice(
            "组织类别",
            "kind",
            "organisation",
            "党工委、党委、党总支、党支部、党小组，或其下的类别如社区党委、网格党支部",
            "党支部",
            aliases=("党组织类别",),
        ),
        area("组织所在区划的代码，须已登记或在“区划”表中"),
        code(
            "上级组织代码",
            "parent",
            refers="organisations",
            gives="organisation_id",
            sends="parent_id",
            takes="上级党组织的组织代码；没有上级则空着",
            required=False,
            aliases=("上级党组织代码",),
            example="DW410305001001",
        ),
        since("成立日期"),
        whole(
            "成立时正式党员数",
            "starting_full_members",
            0,
            100_000,
            "今天新成立的党支部必填，不少于 3 名；早已成立的填写成立日期即可",
            required=False,
            aliases=("正式党员数",),
            width=16,
        ),
        text(
            "批准文号",
            "approval_number",
            "党员人数不在规定范围内而经批准的，填写文号",
            required=False,
            width=24,
        ),
    ),
)

NEW_ORGANISATIONS = Ledger(
    name="new_organisations",
    sheet="两新组织",
    about="非公有制企业和社会组织，以及党组织怎样覆盖",
    service="membership",
    collection="/v1/new-organisations",
    path="/v1/new-organisations",
    one="/v1/new-organisations?code={code}",
    edit="/v1/new-organisations/{neworg_id}",
    columns=(
        code("两新组织代码", example="LX410305001001-01"),
        text("两新组织名称", "name", "单位全称，不超过 120 个字符", "示范物业服务公司", width=36),
        choice(
            "两新组织类别", "kind", "new-organisation", "非公有制企业、社会组织", "非公有制企业"
        ),
        area("所在区划的代码，须已登记或在“区划”表中"),
        _count("从业人数", "employees", "42"),
        _count("党员人数", "members", "4"),
        choice("覆盖方式", "coverage", "coverage", "单独建、联建、挂靠建、应建未建、未建", "联建"),
        organisation(
            "覆盖的党组织代码", "所建（依托）党组织的组织代码；未建的空着", required=False
        ),
        since("登记日期"),
    ),
)

INSTRUCTORS = Ledger(
    name="instructors",
    sheet="党建指导员",
    about="选派到两新组织的党建指导员。姓名加密保存",
    service="membership",
    collection="/v1/instructors",
    path="/v1/instructors",
    one="/v1/instructors?past=true&code={code}",
    body=_instructor,
    columns=(
        code("指导员代码", takes=f"本单位自编，不重复；{CODE_TAKES}", example="ZDY-01"),
        column(
            "姓名",
            "name",
            "姓名；加密保存，平时遮挡显示",
            parse=cells.text(60),
            personal=True,
            sends="",
            fixed=True,
        ),
        area("指导员所属区划的代码，须已登记或在“区划”表中", fixed=True),
        _day("选派日期", "since", "2026-03-02"),
    ),
)

CHARGES = Ledger(
    name="instructor_charges",
    sheet="指导员联系",
    about="哪名指导员联系哪个两新组织，一行一个组织",
    service="membership",
    collection="/v1/instructor-charges",
    path="/v1/instructors/{instructor_id}/charges",
    named_by=("instructor", "neworg", "since"),
    columns=(
        code(
            "指导员代码",
            "instructor",
            refers="instructors",
            sends="",
            takes="“党建指导员”中的指导员代码",
            example="ZDY-01",
        ),
        _neworg(),
        _day("联系起始日期", "since", "2026-03-02"),
    ),
)

VISITS = Ledger(
    name="instructor_visits",
    sheet="指导员走访",
    about="党建指导员走访两新组织，一行一次；每月至少一次",
    service="membership",
    collection="",
    path="/v1/new-organisations/{neworg_id}/instructor-visits",
    named_by=("neworg", "visited_on"),
    columns=(_neworg(sends=""), _day("走访日期", "visited_on", "2026-04-08")),
)

ELECTIONS = Ledger(
    name="elections",
    sheet="换届选举",
    about="两委换届选举，一行一次，按先后排列；届满日期按任期规定推算",
    service="membership",
    collection="/v1/terms",
    path="/v1/organisations/{organisation_id}/elections",
    named_by=("organisation", "body", "held_on"),
    columns=(
        code(
            "党组织代码",
            "organisation",
            refers="organisations",
            sends="",
            takes="换届的党组织的组织代码；居（村）委会换届填所在社区（村）党组织",
            example="DW410305001001",
        ),
        choice("班子", "body", "body", "党组织班子、居民（村民）委员会", "党组织班子"),
        _day("选举日期", "held_on", "2026-03-02"),
        whole(
            "选出成员数", "elected", 1, 1000, "选出的班子成员人数，整数，不带单位", "5", width=16
        ),
    ),
)

RESERVE = Ledger(
    name="reserve_cadres",
    sheet="后备干部",
    about="社区后备干部，一行一人；每个社区 3 至 7 名。姓名加密保存",
    service="membership",
    collection="/v1/reserve-cadres",
    path="/v1/reserve-cadres",
    named_by=("area", "name", "since"),
    columns=(
        area("社区的区划代码，须已登记或在“区划”表中"),
        column("姓名", "name", "姓名；加密保存，平时遮挡显示", parse=cells.text(60), personal=True),
        _day("入库日期", "since", "2026-03-02"),
    ),
)

VOCABULARY: Vocabulary = {
    "organisation": {kind.value: kind.label for kind in OrganisationKind},
    "new-organisation": {kind.value: kind.label for kind in NewOrganisationKind},
    "coverage": {way.value: way.label for way in Coverage},
    "body": {body.value: body.label for body in Body},
    "area_level": {level.value: label for level, label in LEVEL_LABEL.items()},
}
LEDGERS: tuple[Ledger, ...] = (
    AREAS,
    ORGANISATIONS,
    ELECTIONS,
    NEW_ORGANISATIONS,
    INSTRUCTORS,
    CHARGES,
    VISITS,
    RESERVE,
)
