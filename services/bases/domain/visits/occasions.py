"""What was held for people at a base: film showings, trainings, tours."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.bases.visits import (
    FilmShown,
    FilmWithdrawn,
    OccasionEvent,
    TourCompleted,
    TourWithdrawn,
    TrainingCompleted,
    TrainingWithdrawn,
)
from contracts.kinds.visits import BaseTrainingKind, FilmKind, OccasionSort
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State

HELD: dict[OccasionSort, type[FilmShown] | type[TrainingCompleted] | type[TourCompleted]] = {
    OccasionSort.FILM: FilmShown,
    OccasionSort.TRAINING: TrainingCompleted,
    OccasionSort.TOUR: TourCompleted,
}
WITHDRAWN: dict[
    OccasionSort, type[FilmWithdrawn] | type[TrainingWithdrawn] | type[TourWithdrawn]
] = {
    OccasionSort.FILM: FilmWithdrawn,
    OccasionSort.TRAINING: TrainingWithdrawn,
    OccasionSort.TOUR: TourWithdrawn,
}


class Occasion(State):
    """`kind` is of the family that is named like the sort."""

    occasion_id: UUID
    sort: OccasionSort = Field(title="项目")
    kind: str
    base_id: UUID = Field(title="基地")
    venue_id: UUID | None = Field(title="场馆")
    visit_id: UUID | None
    organisation_id: UUID | None = Field(title="参加党组织")
    area: str = Field(title="区划")
    headcount: int = Field(title="人次")
    started_at: datetime = Field(title="开始时刻")
    withdrawn_at: datetime | None = Field(title="撤销时刻")

    def facts(self, base_kind: str) -> dict[str, Any]:
        """What every event about it repeats."""
        kept = self.model_dump(include={*OccasionEvent.model_fields, "kind"})
        return kept | {"base_kind": base_kind}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What those who enter a visit say was held in it; else its purpose alone decides."""

    film_kind: str | None = None
    training_kind: str | None = None


class OccasionOfVisit(Conflict):
    code = "occasion-of-visit"
    title, title_zh = "It goes with its visit", "该场次随接待记录登记"


class OccasionWithdrawn(Conflict):
    code = "occasion-withdrawn"
    title, title_zh = "It was withdrawn", "该场次已撤销"


class NotHeldThere(Invalid):
    code = "not-held-in-visit"
    title, title_zh = "The purpose of the visit is another", "来访目的与场次不符"


def hold(occasion: Occasion, base_kind: str) -> OccasionEvent:
    return HELD[occasion.sort](**occasion.facts(base_kind))


def withdraw(occasion: Occasion, base_kind: str, *, alone: bool) -> OccasionEvent:
    """Raises `OccasionWithdrawn`; `OccasionOfVisit` where one that came of a visit goes `alone`."""
    if occasion.withdrawn_at is not None:
        raise OccasionWithdrawn("It stands no more.", zh="该场次已撤销。")
    if alone and occasion.visit_id is not None:
        raise OccasionOfVisit(
            "Correct or withdraw the visit.",
            zh="该场次随接待记录登记，请更正或撤销接待记录。",
            visit_id=str(occasion.visit_id),
        )
    return WITHDRAWN[occasion.sort](**occasion.facts(base_kind))


def of_purpose(
    purpose: str | None, traits: Mapping[str, object], known: frozenset[str], said: Said
) -> dict[OccasionSort, str]:
    """What a visit was besides, by the traits of its purpose, and of which kind.

    `known` are kinds of training. Raises `NotHeldThere` for a film or training that was said of a
    visit whose purpose has none.
    """
    held = {}
    if traits.get("film"):
        held[OccasionSort.FILM] = said.film_kind or FilmKind.OTHER
    elif said.film_kind is not None:
        raise _unfit("film_kind")
    if traits.get("training"):
        default = purpose if purpose in known else BaseTrainingKind.OTHER
        held[OccasionSort.TRAINING] = said.training_kind or str(default)
    elif said.training_kind is not None:
        raise _unfit("training_kind")
    return held


def _unfit(field: str) -> NotHeldThere:
    return NotHeldThere(
        f"The purpose of this visit has no `{field}`.",
        zh="该来访目的不含观影或培训，请留空，或改来访目的。",
        field=field,
    )
