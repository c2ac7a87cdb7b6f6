"""Ledger of guests: 来访单位 from outside the organisation tree."""

from ops.ledger.ledgers.common import area, choice, code, since, text
from ops.ledger.model import Ledger, Vocabulary

GUESTS = Ledger(
    name="guests",
    sheet="来访单位",
    about="本区组织体系以外的来访单位：上级机关、外地考察团、驻区单位",
    service="bases",
    collection="/v1/guests",
    path="/v1/guests",
    one="/v1/guests?code={code}",
    edit="/v1/guests/{guest_id}",
    hears=frozenset({"area-unknown"}),
    columns=(
        code("来访单位代码", example="LF-01"),
        text(
            "来访单位名称",
            "name",
            "单位或考察团的名称，不填个人姓名，不超过 120 个字符",
            "示例省机关党支部考察团",
            width=36,
        ),
        choice(
            "来访层级",
            "visitor_level",
            "visitor_level",
            "中央、省、市、区、街道、社区",
            "省",
            width=10,
        ),
        area("负责登记的区划的代码，须已登记或在“区划”表中", fixed=True),
        since("登记日期"),
    ),
)

VOCABULARY: Vocabulary = {}
LEDGERS: tuple[Ledger, ...] = (GUESTS,)
