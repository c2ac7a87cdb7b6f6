"""Figures of bases, bookings and visits."""

from contracts.bases.bookings import (
    BookingCancelled,
    BookingCompleted,
    BookingMissed,
    BookingMissRetracted,
    BookingRequested,
)
from contracts.bases.places import (
    BaseChanged,
    BaseRegistered,
    BaseRetired,
    VenueChanged,
    VenueRegistered,
    VenueRetired,
)
from contracts.bases.visits import (
    VisitCompleted,
    VisitCorrected,
    VisitJoined,
    VisitParted,
    VisitWithdrawn,
)
from contracts.kinds import BaseKind, Channel, VenueKind, VisitorLevel
from contracts.kinds.menu import MenuItemKind
from services.projector.declare import (
    Absent,
    Clause,
    Dimension,
    Family,
    Flow,
    Naming,
    Ratio,
    Section,
    Stock,
    adds,
    moves,
    removes,
)

CHANNEL = Dimension.of_kinds("channel", "预约方式", Channel)
VISITOR_LEVEL = Dimension.of_kinds("visitor_level", "来访层级", VisitorLevel)
BASE_KIND = Dimension.of_family("base_kind", "基地类型", "base", BaseKind)
KIND_OF_BASE = Dimension.of_family("base_kind", "基地类型", "base", BaseKind, read="kind")
VENUE_KIND = Dimension.of_family("venue_kind", "场馆类型", "venue", VenueKind, read="kind")
PURPOSE = Dimension.of_family("purpose_kind", "来访目的", "menu-item", MenuItemKind)
BASE = Dimension.of_things(Family.BASE, "基地", read="base_id")
ORGANISATION = Dimension.of_things(Family.ORGANISATION, "来访党组织", read="organisation_id")

OF_BOOKING = (CHANNEL, VISITOR_LEVEL, BASE_KIND, BASE, ORGANISATION)
OF_VISIT = (VISITOR_LEVEL, CHANNEL, BASE_KIND, PURPOSE, BASE, ORGANISATION)

BASES = (
    Stock(
        "bases.bases",
        "开放式组织生活基地",
        "个",
        "期末在册的基地数",
        clauses=(
            Clause(
                Section.BASES,
                1,
                "建有开放式组织生活基地{n}，其中{each}",
                zero="尚未建成开放式组织生活基地",
                split="base_kind",
            ),
            Clause(Section.CONCERNS, 1, "现有基地{n}"),
        ),
        reads=(*adds(BaseRegistered), *moves(BaseChanged), *removes(BaseRetired)),
        dimensions=(KIND_OF_BASE,),
    ),
    Stock(
        "bases.halls",
        "展厅",
        "个",
        "期末在册的展厅数",
        clauses=(Clause(Section.BASES, 2, "设展厅{n}"),),
        reads=(
            *adds(VenueRegistered, kind=VenueKind.HALL),
            *moves(VenueChanged, kind=VenueKind.HALL),
            *removes(VenueRetired, kind=VenueKind.HALL),
        ),
    ),
    Stock(
        "bases.themes",
        "展示主题",
        "个",
        "期末各场馆的主题数之和",
        clauses=(Clause(Section.BASES, 2, "展示主题{n}", joint="、"),),
        reads=(
            *adds(VenueRegistered, "theme_count"),
            *moves(VenueChanged, "theme_count"),
            *removes(VenueRetired, "theme_count"),
        ),
    ),
    Stock(
        "bases.venues",
        "场馆",
        "个",
        "期末在册的场馆数，含展厅",
        clauses=(Clause(Section.BASES, 3, "共有场馆{n}，其中{each}", split="venue_kind"),),
        reads=(*adds(VenueRegistered), *moves(VenueChanged), *removes(VenueRetired)),
        dimensions=(VENUE_KIND,),
    ),
)

BOOKINGS = (
    Flow(
        "bases.bookings",
        "预约",
        "次",
        "本期提交的预约次数",
        clauses=(
            Clause(
                Section.VISITS,
                1,
                "受理预约{n}，其中{each}",
                zero="本期没有受理预约",
                split="channel",
            ),
        ),
        reads=adds(BookingRequested),
        dimensions=OF_BOOKING,
    ),
    Flow(
        "bases.bookings_cancelled",
        "取消的预约",
        "次",
        "本期取消的预约次数",
        clauses=(Clause(Section.VISITS, 1, "取消{n}", joint="；"),),
        reads=adds(BookingCancelled),
        dimensions=OF_BOOKING,
    ),
    Flow(
        "bases.bookings_honoured",
        "如约到访的预约",
        "次",
        "本期完成的预约次数",
        clauses=(Clause(Section.VISITS, 6, "预约后如约到访{n}"),),
        reads=adds(BookingCompleted),
        dimensions=OF_BOOKING,
    ),
    Flow(
        "bases.no_shows",
        "未到场的预约",
        "次",
        "本期预约后未到场的次数，扣除撤回的",
        clauses=(Clause(Section.VISITS, 6, "未到场{n}", zero="没有未到场的情况"),),
        reads=(*adds(BookingMissed), *removes(BookingMissRetracted)),
        dimensions=OF_BOOKING,
    ),
    Ratio(
        "bases.no_show_rate",
        "未到场率",
        "%",
        "未到场的预约占应到预约（如约到访与未到场之和）的百分比",
        clauses=(Clause(Section.VISITS, 6, "未到场率{n}"),),
        over=("bases.no_shows",),
        under=("bases.no_shows", "bases.bookings_honoured"),
        scale=100,
    ),
)

VISITS = (
    Flow(
        "bases.visit_batches",
        "接待批次",
        "批次",
        "本期实际接待的批次数",
        clauses=(
            Clause(
                Section.VISITS,
                4,
                "接待{values}党组织参观学习{n}",
                zero="本期没有接待党组织参观学习",
                split="visitor_level",
            ),
            Clause(Section.VISITS, 5, "按来访层级分，{each}", split="visitor_level"),
        ),
        reads=(*adds(VisitCompleted), *moves(VisitCorrected), *removes(VisitWithdrawn)),
        dimensions=OF_VISIT,
    ),
    Flow(
        "bases.visit_persons",
        "接待人次",
        "人次",
        "本期实际到场的人次",
        clauses=(Clause(Section.VISITS, 4, "{n}", joint="、"),),
        reads=(
            *adds(VisitCompleted, "actual_headcount"),
            *moves(VisitCorrected, "actual_headcount"),
            *removes(VisitWithdrawn, "actual_headcount"),
        ),
        dimensions=OF_VISIT,
    ),
    Ratio(
        "bases.persons_per_batch",
        "平均每批次人次",
        "人次",
        "接待人次除以接待批次",
        clauses=(Clause(Section.VISITS, 4, "平均每批次{n}"),),
        over=("bases.visit_persons",),
        under=("bases.visit_batches",),
    ),
    Flow(
        "bases.organisations_visiting",
        "到访组织次",
        "次",
        "本期各党组织到访的次数，同行的党组织各计一次",
        reads=(
            *adds(VisitCompleted),
            *moves(VisitCorrected),
            *removes(VisitWithdrawn),
            *adds(VisitJoined),
            *removes(VisitParted),
        ),
        dimensions=(BASE_KIND, BASE, ORGANISATION),
    ),
)

CONCERNS = (
    Absent(
        "bases.unvisited_bases",
        "没有接待的基地",
        "个",
        "期末在册、本期没有接待过参观学习的基地数",
        clauses=(
            Clause(
                Section.CONCERNS,
                1,
                "其中{n}本期没有接待参观学习：{names}",
                zero="本期均接待了参观学习",
            ),
        ),
        among="bases.bases",
        without="bases.visit_batches",
        named_by=BASE.key,
    ),
    Absent(
        "bases.unvisiting_branches",
        "没有到访的党支部",
        "个",
        "期末在册、本期没有到任何基地参观学习的党支部数",
        clauses=(
            Clause(
                Section.CONCERNS,
                2,
                "其中{n}本期没有到基地开展组织生活：{names}",
                zero="本期均到基地开展了组织生活",
            ),
        ),
        among="membership.branches",
        without="bases.organisations_visiting",
        named_by=ORGANISATION.key,
    ),
)

FIGURES = (*BASES, *BOOKINGS, *VISITS, *CONCERNS)

NAMES = (
    Naming(BaseRegistered, Family.BASE, id="base_id", name="name", code="code"),
    Naming(BaseChanged, Family.BASE, id="base_id", name="name", code="code"),
)
