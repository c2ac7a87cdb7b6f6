"""The ledger of demands: 活动频次."""

from contracts.kinds.activities import ActivityKind
from contracts.kinds.cadence import Every
from contracts.kinds.organisations import OrganisationKind
from ops.ledger.ledgers.common import area, choice, code, day, organisation, text, whole
from ops.ledger.model import Ledger, Row, Vocabulary


def _binds_one_or_a_kind(row: Row) -> None:
    kind, one = row.values.get("organisation_kind"), row.values.get("organisation")
    if (kind is None) == (one is None):
        row.refuse("organisation", "与“党组织类别”须填一项且只填一项", "两列中留一列")


CADENCES = Ledger(
    name="cadences",
    sheet="活动频次",
    about="哪一类党组织、或哪一个党组织，每一周期至少开展几次什么活动。条例规定的已经设好",
    service="membership",
    collection="/v1/cadences",
    path="/v1/cadences",
    named_by=("code", "effective_from"),
    check=_binds_one_or_a_kind,
    columns=(
        code("频次代码", example="PC-LHGJ"),
        area("适用的区划的代码，须已登记或在“区划”表中"),
        choice(
            "党组织类别",
            "organisation_kind",
            "organisation",
            "适用的一类党组织；只约束一个党组织时空着",
            "社区党委",
            required=False,
        ),
        organisation(
            "组织代码", "只约束一个党组织时填其组织代码，否则空着", required=False, example=""
        ),
        choice(
            "活动类别",
            "activity_kind",
            "activity",
            "要开展的活动类别，其下级类别也算",
            "实地考察",
            width=20,
        ),
        choice(
            "周期", "every", "every", "每周、每月、每两月、每季度、每半年、每年", "每月", width=10
        ),
        whole("次数", "times", 0, 366, "每一周期至少几次；0 表示不再要求", "1", width=8),
        whole(
            "提前提醒天数",
            "remind_days",
            0,
            366,
            "到期前几天列入即将到期；空着为 7",
            "7",
            required=False,
            width=12,
        ),
        day(
            "生效日期",
            "effective_from",
            "自哪一天起；新版本须从周期首日起",
            "2019-01-01",
            calendar_day=True,
        ),
        text("依据", "source", "文件或制度的名称", "街道2019年党建工作安排", width=30),
    ),
)

VOCABULARY: Vocabulary = {
    "every": {every.value: every.label for every in Every},
    "activity": {kind.value: kind.label for kind in ActivityKind},
    "organisation": {kind.value: kind.label for kind in OrganisationKind},
}
LEDGERS: tuple[Ledger, ...] = (CADENCES,)
