"""Ledgers of the membership service: 区划 and 党组织."""

from contracts.areas import LEVEL_LABEL, AreaLevel, level_of, parent_of
from contracts.kinds import OrganisationKind
from ops.ledger.ledgers.common import AREA_CODE, NAME, area, code, since
from ops.ledger.model import Column, Ledger, Row, Vocabulary


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
        Column(
            field="name",
            heading="区划名称",
            parse=NAME,
            takes="名称，不超过 120 个字符",
            aliases=("名称", "name"),
            example="重庆路街道",
            width=30,
        ),
        Column(
            field="level",
            heading="级别",
            family="area_level",
            takes="省、市、区、街道、社区、网格；可空，按代码位数确定",
            required=False,
            aliases=("层级", "区划级别", "level"),
            sends="",
            example="街道",
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
        Column(
            field="name",
            heading="组织名称",
            parse=NAME,
            takes="全称，不超过 120 个字符",
            aliases=("党组织名称",),
            example="唐村社区第一党支部",
            width=36,
        ),
        Column(
            field="kind",
            heading="组织类别",
            family="organisation",
            takes="党工委、党委、党总支、党支部、党小组",
            aliases=("党组织类别",),
            example="党支部",
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
    ),
)

VOCABULARY: Vocabulary = {
    "organisation": {kind.value: kind.label for kind in OrganisationKind},
    "area_level": {level.value: label for level, label in LEVEL_LABEL.items()},
}
LEDGERS: tuple[Ledger, ...] = (AREAS, ORGANISATIONS)
