"""Ledger of resident units (驻区单位). Names of merchants go into the service and no further."""

from contracts.kinds.units import UnitKind, UnitTrait
from ops.ledger import cells
from ops.ledger.cells import Cell, Value
from ops.ledger.ledgers.common import area, choice, code, column, since, text
from ops.ledger.model import Ledger, Vocabulary

TRAITS = {trait.label: trait.value for trait in UnitTrait}
CREDIT_TAKES = "18 位统一社会信用代码；可空"


def traits(cell: Cell) -> Value:
    """Labels or codes; what a district added itself is written as its code."""
    found = cells.words(20, 40)(cell)
    return tuple(TRAITS.get(word, word) for word in found) if isinstance(found, tuple) else ()


UNITS = Ledger(
    name="units",
    sheet="单位",
    about="驻区单位：机关、事业单位、企业、商户、社会组织等。只填单位，不填个人",
    service="cobuilding",
    collection="/v1/units",
    path="/v1/units",
    one="/v1/units?code={code}",
    edit="/v1/units/{unit_id}",
    hears=frozenset({"area-unknown", "reference-unknown"}),
    columns=(
        code("单位代码", example="GJ-01"),
        text("单位名称", "name", "全称，不超过 120 个字符", "示例研究院", width=30),
        choice("单位类别", "kind", "unit", "下拉列表中的一个", "事业单位", width=14),
        column(
            "单位特征",
            "traits",
            "有几项用顿号隔开，如：下派包联、有志愿服务队；可空",
            "有志愿服务队",
            parse=traits,
            required=False,
        ),
        area("负责联系的区划的代码，须已登记或在“区划”表中"),
        column(
            "统一社会信用代码",
            "credit_code",
            CREDIT_TAKES,
            "12410300000000000X",
            parse=cells.code(r"[0-9A-HJ-NP-RTUW-Y]{18}", f"填 {CREDIT_TAKES}"),
            required=False,
            width=22,
        ),
        code(
            "来源单位代码",
            "employer",
            refers="employers",
            gives="employer_id",
            sends="employer_id",
            required=False,
            takes="与“来源单位”表中的哪一家是同一家；可空",
            example="DW-01",
        ),
        since("登记日期"),
    ),
)

VOCABULARY: Vocabulary = {"unit": {kind.value: kind.label for kind in UnitKind}}
LEDGERS: tuple[Ledger, ...] = (UNITS,)
