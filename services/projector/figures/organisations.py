"""Figures of the organisation tree, its terms of office, and what it covers."""

from contracts.bases.standards import BaseKindDefined
from contracts.kinds.organisations import (
    Body,
    Coverage,
    NewOrganisationKind,
    OrganisationKind,
    SeatKind,
)
from contracts.membership.coverage import (
    InstructionEnded,
    InstructorAppointed,
    InstructorAssigned,
    InstructorReleased,
    InstructorVisited,
    NewOrganisationChanged,
    NewOrganisationClosed,
    NewOrganisationRegistered,
)
from contracts.membership.organisations import (
    AreaRegistered,
    AreaRenamed,
    OrganisationChanged,
    OrganisationDissolved,
    OrganisationRegistered,
)
from contracts.membership.reserve import ReserveJoined, ReserveRemoved
from contracts.membership.standards import MembershipKindDefined
from contracts.membership.terms import ElectionHeld, SeatFilled, SeatVacated
from services.projector.declare import (
    Clause,
    Dimension,
    Family,
    Figure,
    Flow,
    Naming,
    Reads,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

ORGANISATION_KIND = Dimension.of_family(
    "organisation_kind", "党组织类别", "organisation", OrganisationKind, read="kind"
)
BODY = Dimension.of_kinds("body", "班子", Body)
SEAT_KIND = Dimension.of_family("seat_kind", "职务", "seat", SeatKind)
NEWORG_KIND = Dimension.of_family(
    "neworg_kind", "两新组织类别", "new-organisation", NewOrganisationKind, read="kind"
)
COVERAGE = Dimension.of_kinds("coverage", "党组织覆盖方式", Coverage)
INSTRUCTOR = Dimension("instructor", "党建指导员", "instructor_id", wide=True)


def standing(**where: str) -> tuple[Reads, ...]:
    """Organisations of a sort, through all that may happen to them."""
    return (
        *adds(OrganisationRegistered, **where),
        *moves(OrganisationChanged, **where),
        *removes(OrganisationDissolved, **where),
    )


def of_category(kind: OrganisationKind) -> tuple[Reads, ...]:
    """Of a kind and of every sort of it. Older events know no sorts: there the kind decides."""
    return (*standing(category=kind.value), *standing(category="", kind=kind.value))


def registered(amount: str | None = None, **where: str) -> tuple[Reads, ...]:
    """New organisations, through all that may happen to them."""
    return (
        *adds(NewOrganisationRegistered, amount, **where),
        *moves(NewOrganisationChanged, amount, **where),
        *removes(NewOrganisationClosed, amount, **where),
    )


TREE: tuple[Figure, ...] = (
    Stock(
        "membership.organisations",
        "党组织",
        "个",
        "期末在册的党组织数",
        clauses=(
            Clause(Section.TREE, 1, "在册党组织{n}，其中{each}", split=ORGANISATION_KIND.key),
        ),
        reads=standing(),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.branches",
        "党支部",
        "个",
        "期末在册的党支部数，各种党支部在内",
        clauses=(
            Clause(Section.TREE, 2, "共有各类党支部{n}"),
            Clause(Section.CONCERNS, 2, "现有党支部{n}"),
        ),
        reads=of_category(OrganisationKind.BRANCH),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.grid_branches",
        "网格党支部",
        "个",
        "期末在册的网格党支部数",
        clauses=(Clause(Section.TREE, 2, "其中网格党支部{n}"),),
        reads=standing(kind=OrganisationKind.GRID_BRANCH.value),
    ),
    Stock(
        "membership.committees",
        "党委",
        "个",
        "期末在册的党委数，社区党委、大党委等在内",
        reads=of_category(OrganisationKind.COMMITTEE),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.general_branches",
        "党总支",
        "个",
        "期末在册的党总支数",
        reads=of_category(OrganisationKind.GENERAL_BRANCH),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.groups",
        "党小组",
        "个",
        "期末在册的党小组数，楼栋党小组在内",
        clauses=(Clause(Section.TREE, 2, "党小组{n}"),),
        reads=of_category(OrganisationKind.GROUP),
        dimensions=(ORGANISATION_KIND,),
    ),
    Stock(
        "membership.building_groups",
        "楼栋（楼宇）党小组",
        "个",
        "期末在册的楼栋党小组数",
        reads=standing(kind=OrganisationKind.BUILDING_GROUP.value),
    ),
    Stock(
        "membership.hub_households",
        "党员中心户",
        "户",
        "期末在册的党员中心户数",
        clauses=(Clause(Section.TREE, 2, "党员中心户{n}"),),
        reads=of_category(OrganisationKind.HUB_HOUSEHOLD),
    ),
    Flow(
        "membership.organisations_dissolved",
        "撤销的党组织",
        "个",
        "本期撤销或并入其他组织的党组织数",
        reads=adds(OrganisationDissolved),
        dimensions=(ORGANISATION_KIND,),
    ),
)

TERMS: tuple[Figure, ...] = (
    Flow(
        "membership.elections",
        "换届选举",
        "次",
        "本期举行的换届选举次数，两委分别计算",
        clauses=(Clause(Section.TREE, 4, "举行换届选举{n}"),),
        reads=adds(ElectionHeld),
        dimensions=(BODY,),
    ),
    Flow(
        "membership.elected",
        "选出的班子成员",
        "人",
        "本期换届选出的班子成员人数",
        clauses=(Clause(Section.TREE, 4, "共选出班子成员{n}"),),
        reads=adds(ElectionHeld, "elected"),
        dimensions=(BODY,),
    ),
    Stock(
        "membership.seats",
        "班子任职",
        "个",
        "期末在任的班子职务数，一人任两职计两个",
        reads=(*adds(SeatFilled), *removes(SeatVacated)),
        dimensions=(SEAT_KIND,),
    ),
    Stock(
        "membership.reserve_cadres",
        "社区后备干部",
        "人",
        "期末在库的社区后备干部人数",
        clauses=(Clause(Section.TREE, 5, "社区后备干部{n}"),),
        reads=(*adds(ReserveJoined), *removes(ReserveRemoved)),
    ),
)

COVERED: tuple[Figure, ...] = (
    Stock(
        "membership.neworgs",
        "两新组织",
        "个",
        "期末登记的非公有制企业和社会组织数",
        clauses=(Clause(Section.TREE, 3, "登记两新组织{n}，其中{each}", split=COVERAGE.key),),
        reads=registered(),
        dimensions=(NEWORG_KIND, COVERAGE),
    ),
    Stock(
        "membership.neworgs_covered",
        "已建党组织的两新组织",
        "个",
        "期末单独建、联建、挂靠建党组织的两新组织数",
        clauses=(Clause(Section.TREE, 3, "党组织覆盖{n}", zero="均未建立党组织"),),
        reads=(
            *registered(coverage=Coverage.SEPARATE.value),
            *registered(coverage=Coverage.JOINT.value),
            *registered(coverage=Coverage.ATTACHED.value),
        ),
        dimensions=(NEWORG_KIND, COVERAGE),
    ),
    Stock(
        "membership.neworgs_due",
        "应建未建党组织的两新组织",
        "个",
        "期末应建而未建党组织的两新组织数",
        reads=registered(coverage=Coverage.DUE.value),
        dimensions=(NEWORG_KIND,),
    ),
    Stock(
        "membership.neworg_employees",
        "两新组织从业人员",
        "人",
        "期末登记的两新组织从业人数之和",
        reads=registered("employees"),
        dimensions=(NEWORG_KIND,),
    ),
    Stock(
        "membership.neworg_members",
        "两新组织党员",
        "人",
        "期末登记的在两新组织工作的党员人数，不论组织关系在何处，不计入自管党员",
        reads=registered("headcount"),
        dimensions=(NEWORG_KIND,),
    ),
    Stock(
        "membership.instructors",
        "党建指导员",
        "名",
        "期末在任的党建指导员数",
        clauses=(Clause(Section.TREE, 3, "选派党建指导员{n}"),),
        reads=(*adds(InstructorAppointed), *removes(InstructorReleased)),
    ),
    Stock(
        "membership.neworgs_instructed",
        "有党建指导员的两新组织",
        "个",
        "期末有党建指导员联系的两新组织数",
        clauses=(Clause(Section.TREE, 3, "联系两新组织{n}"),),
        reads=(*adds(InstructorAssigned), *removes(InstructionEnded)),
        dimensions=(NEWORG_KIND, INSTRUCTOR),
    ),
    Flow(
        "membership.instructor_visits",
        "党建指导员走访",
        "次",
        "本期党建指导员走访两新组织的次数",
        clauses=(Clause(Section.TREE, 3, "走访{n}"),),
        reads=adds(InstructorVisited),
        dimensions=(NEWORG_KIND, INSTRUCTOR),
    ),
)

FIGURES: tuple[Figure, ...] = (*TREE, *TERMS, *COVERED)

NAMES = (
    Naming(AreaRegistered, Family.AREA, id="area", name="name", code="area"),
    Naming(AreaRenamed, Family.AREA, id="area", name="name", code="area"),
    Naming(
        OrganisationRegistered, Family.ORGANISATION, id="organisation_id", name="name", code="code"
    ),
    Naming(
        OrganisationChanged, Family.ORGANISATION, id="organisation_id", name="name", code="code"
    ),
    Naming(MembershipKindDefined, Family.KIND, id="reference", name="name", code="code"),
    Naming(BaseKindDefined, Family.KIND, id="reference", name="name", code="code"),
)
