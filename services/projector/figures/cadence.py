"""Figures of what was owed and what of it was held."""

from contracts.kinds.activities import ActivityKind
from contracts.kinds.cadence import Every
from contracts.kinds.organisations import OrganisationKind
from contracts.membership.cadence import (
    CadenceEnded,
    CadenceStated,
    DutyAssessed,
    DutyReassessed,
)
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Ratio,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

KIND = Dimension.of_family("activity_kind", "活动类别", "activity", ActivityKind, read="kind")
DEMANDED = Dimension.of_family(
    "activity_kind", "活动类别", "activity", ActivityKind, read="activity_kind"
)
OF_KIND = Dimension.of_family(
    "organisation_kind", "党组织类别", "organisation", OrganisationKind, read="organisation_kind"
)
EVERY = Dimension.of_kinds("every", "周期", Every)
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "党组织", read="organisation_id")
OF_DUTY = (KIND, OF_KIND, ORGANISATION)


def _assessed(key: str, name: str, describes: str, amount: str, *clauses: Clause) -> Flow:
    return Flow(
        f"membership.{key}",
        name,
        "次",
        describes,
        clauses=clauses,
        reads=(*adds(DutyAssessed, amount), *moves(DutyReassessed, amount)),
        dimensions=OF_DUTY,
    )


FIGURES: tuple[Figure, ...] = (
    _assessed(
        "meetings_due",
        "应开展的组织生活",
        "本期到期的各周期内，按规定应开展的次数",
        "needed",
        Clause(Section.LIFE, 13, "按规定应开展组织生活{n}"),
    ),
    _assessed(
        "meetings_held",
        "按期开展的组织生活",
        "本期到期的各周期内，应开展次数中已开展的次数，超出的不计",
        "met",
        Clause(Section.LIFE, 13, "按期开展{n}"),
    ),
    _assessed(
        "meetings_missing",
        "未按期开展的组织生活",
        "本期到期的各周期内，应开展而未开展的次数",
        "missing",
        Clause(
            Section.CONCERNS,
            30,
            "应开展而未按期开展的组织生活{n}，其中{each}",
            split="activity_kind",
        ),
    ),
    Ratio(
        "membership.meetings_rate",
        "组织生活按期开展率",
        "%",
        "按期开展的组织生活占应开展的百分比",
        clauses=(Clause(Section.LIFE, 13, "按期开展率{n}"),),
        over=("membership.meetings_held",),
        under=("membership.meetings_due",),
        scale=100,
    ),
    Stock(
        "membership.cadence_times",
        "规定的活动次数",
        "次",
        "期末有效的频次要求，每一周期不少于的次数；是要求，不是已开展的次数",
        reads=(*adds(CadenceStated, "times"), *removes(CadenceEnded, "times")),
        dimensions=(DEMANDED, EVERY),
    ),
)
NAMES: tuple[Naming, ...] = ()
