"""The ledger of demands: 活动频次."""

from contracts.kinds.activities import ActivityKind
from contracts.kinds.cadence import Every
from contracts.kinds.organisations import OrganisationKind
from ops.ledger import cells
from ops.ledger.ledgers.common import NAME, area, code
from ops.ledger.model import Column, Ledger, Row, Vocabulary


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
        Column(
            field="organisation_kind",
            heading="党组织类别",
            family="organisation",
            takes="适用的一类党组织；只约束一个党组织时空着",
            required=False,
            example="社区党委",
        ),
        code(
            "组织代码",
            "organisation",
            refers="organisations",
            gives="organisation_id",
            sends="organisation_id",
            takes="只约束一个党组织时填其组织代码，否则空着",
            required=False,
        ),
        Column(
            field="activity_kind",
            heading="活动类别",
            family="activity",
            takes="要开展的活动类别，其下级类别也算",
            example="实地考察",
            width=20,
        ),
        Column(
            field="every",
            heading="周期",
            family="every",
            takes="每周、每月、每两月、每季度、每半年、每年",
            example="每月",
            width=10,
        ),
        Column(
            field="times",
            heading="次数",
            parse=cells.whole(0, 366),
            takes="每一周期至少几次；0 表示不再要求",
            example="1",
            width=8,
        ),
        Column(
            field="remind_days",
            heading="提前提醒天数",
            parse=cells.whole(0, 366),
            takes="到期前几天列入即将到期；空着为 7",
            required=False,
            example="7",
            width=12,
        ),
        Column(
            field="effective_from",
            heading="生效日期",
            parse=cells.day,
            calendar_day=True,
            takes="自哪一天起；新版本须从周期首日起",
            example="2019-01-01",
        ),
        Column(
            field="source",
            heading="依据",
            parse=NAME,
            takes="文件或制度的名称",
            example="街道2019年党建工作安排",
            width=30,
        ),
    ),
)

VOCABULARY: Vocabulary = {
    "every": {every.value: every.label for every in Every},
    "activity": {kind.value: kind.label for kind in ActivityKind},
    "organisation": {kind.value: kind.label for kind in OrganisationKind},
}
LEDGERS: tuple[Ledger, ...] = (CADENCES,)
