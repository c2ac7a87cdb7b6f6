"""Facts about those who came (接待), and what they came for: films, trainings, tours."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason


class VisitEvent(Event):
    """What every fact about a visit repeats: one batch (批次) with its person-times (人次).

    From a booking, or from the paper ledger (then `booking_id` is null). `organisation_id` is
    null for visitors from outside the tree.
    """

    visit_id: UUID = Field(title="接待编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    booking_id: UUID | None = Field(default=None, title="预约编号")
    organisation_id: UUID | None = Field(default=None, title="来访党组织")
    visitor_level: VisitorLevel = Field(title="来访层级")
    channel: Channel = Field(title="预约方式")
    planned_headcount: int | None = Field(default=None, title="预约人数", ge=1)
    actual_headcount: int = Field(title="实到人次", ge=1)
    started_at: AwareDatetime = Field(title="开始时刻")
    ended_at: AwareDatetime | None = Field(default=None, title="结束时刻")
    with_organisation_ids: list[UUID] = Field(
        default_factory=list, title="同行党组织", description="Who came along; makes it cross-unit."
    )
    cross_unit: bool = Field(default=False, title="跨组织")
    purpose_kind: str | None = Field(
        default=None, title="来访目的", description="A code of the kinds of `menu-item`."
    )

    @property
    def key(self) -> UUID:
        return self.visit_id


class VisitCompleted(VisitEvent, title="接待已完成"):
    """A batch really came."""

    type: ClassVar[str] = "jiceng.bases.visit.completed.v1"


class VisitCorrected(VisitEvent, title="接待已更正"):
    """It was otherwise than had been entered; base and day are as they were.

    Told for the time of the visit, so that the period it was counted in is put right.
    """

    type: ClassVar[str] = "jiceng.bases.visit.corrected.v1"

    correction: int = Field(title="第几次更正", ge=1)
    booked: bool = Field(title="来自预约")
    was_organisation_id: UUID | None = Field(default=None, title="原来访党组织")
    was_visitor_level: VisitorLevel = Field(title="原来访层级")
    was_channel: Channel = Field(title="原预约方式")
    was_actual_headcount: int = Field(title="原实到人次", ge=1)
    was_started_at: AwareDatetime = Field(title="原开始时刻")
    was_with_organisation_ids: list[UUID] = Field(default_factory=list, title="原同行党组织")
    was_cross_unit: bool = Field(default=False, title="原为跨组织")
    was_purpose_kind: str | None = Field(default=None, title="原来访目的")


class VisitWithdrawn(VisitEvent, title="接待已撤销"):
    """It never was, or was entered twice. Told for the time of the visit."""

    type: ClassVar[str] = "jiceng.bases.visit.withdrawn.v1"

    reason: WithdrawReason = Field(title="撤销原因")


class CompanionEvent(Event):
    """Facts about one of the organisations that came along on a visit of another."""

    visit_id: UUID = Field(title="接待编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    organisation_id: UUID = Field(title="同行党组织")

    @property
    def key(self) -> UUID:
        return self.visit_id


class VisitJoined(CompanionEvent, title="党组织已同行来访"):
    """It visited, too; the batch and its headcount are the visit's."""

    type: ClassVar[str] = "jiceng.bases.visit.joined.v1"


class VisitParted(CompanionEvent, title="同行来访已撤销"):
    """It had been entered wrongly, or the whole visit."""

    type: ClassVar[str] = "jiceng.bases.visit.parted.v1"


class OccasionEvent(Event):
    """Facts about what was held for people at a base: a showing, a training, a tour.

    `headcount` is person-times. With `visit_id` it follows from that visit, and is taken back with
    it; a withdrawal repeats all that is taken back.
    """

    occasion_id: UUID = Field(title="场次编号")
    base_id: UUID = Field(title="基地编号")
    base_kind: str = Field(title="基地类型")
    venue_id: UUID | None = Field(default=None, title="场馆编号")
    visit_id: UUID | None = Field(default=None, title="接待编号")
    organisation_id: UUID | None = Field(default=None, title="参加党组织")
    headcount: int = Field(title="人次", ge=1)
    started_at: AwareDatetime = Field(title="开始时刻")

    @property
    def key(self) -> UUID:
        return self.occasion_id


class FilmEvent(OccasionEvent):
    kind: str = Field(title="影片", description="A code of the kinds of `film`.")


class FilmShown(FilmEvent, title="影片已放映"):
    """One showing (场次) of an educational film (党性教育影片)."""

    type: ClassVar[str] = "jiceng.bases.film.shown.v1"


class FilmWithdrawn(FilmEvent, title="影片放映已撤销"):
    type: ClassVar[str] = "jiceng.bases.film.withdrawn.v1"


class TrainingEvent(OccasionEvent):
    kind: str = Field(title="培训类别", description="A code of the kinds of `training`.")


class TrainingCompleted(TrainingEvent, title="基地培训已举办"):
    """A training (党务工作培训) was held at the base."""

    type: ClassVar[str] = "jiceng.bases.training.completed.v1"


class TrainingWithdrawn(TrainingEvent, title="基地培训已撤销"):
    type: ClassVar[str] = "jiceng.bases.training.withdrawn.v1"


class TourEvent(OccasionEvent):
    kind: str = Field(title="巡回观摩类别", description="A code of the kinds of `tour`.")


class TourCompleted(TourEvent, title="巡回观摩已举办"):
    """Organisations went from place to place to learn from each other (比学赶超)."""

    type: ClassVar[str] = "jiceng.bases.tour.completed.v1"


class TourWithdrawn(TourEvent, title="巡回观摩已撤销"):
    type: ClassVar[str] = "jiceng.bases.tour.withdrawn.v1"
