"""Figures of lecturers: 讲师X余人, 讲解X场次, what was corrected is taken back."""

from datetime import date, timedelta
from typing import Any

from contracts.bases.lecturers import (
    GuideShiftCancelled,
    GuideShiftCorrected,
    GuideShiftMissed,
    GuideShiftPlanned,
    GuideShiftServed,
    LecturerAssigned,
    LecturerAssignmentCompleted,
    LecturerAssignmentMoved,
    LecturerChanged,
    LecturerRated,
    LecturerRatingChanged,
    LecturerRegistered,
    LecturerReleased,
    LecturerRetired,
)
from contracts.kinds.lecturers import EngagedFor, LecturerEngagement, RatedBy, ShiftStatus
from services.projector.declare import Counted, Ratio
from services.projector.figures import CATALOGUE
from tests.unit.projector.build import COMMUNITY, JUNE, an_id
from tests.unit.projector.test_menu_figures import folded


def of_lecturer(name: str = "JS-1", role: str = "lecturer", **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "lecturer_id": an_id(name),
        "code": name,
        "role_kind": role,
        "role_kinds": (role, "guide"),
        "skill_kind": "party-history",
        "skill_kinds": ("party-history",),
        "engagement": LecturerEngagement.VOLUNTEER,
    } | given


def joined(name: str = "JS-1", role: str = "lecturer", **given: Any) -> LecturerRegistered:
    return LecturerRegistered(**of_lecturer(name, role, **given), engaged_on=date(2019, 3, 1))


def of_assignment(minutes: int = 90, **given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "assignment_id": an_id("assignment"),
        "lecturer_id": an_id("JS-1"),
        "engaged_for": EngagedFor.BOOKING,
        "booking_id": an_id("booking"),
        "base_id": an_id("基地甲"),
        "starts_at": JUNE,
        "ends_at": JUNE + timedelta(minutes=minutes),
        "minutes": minutes,
    } | given


SHIFT: dict[str, Any] = {
    "area": COMMUNITY,
    "shift_id": an_id("shift"),
    "lecturer_id": an_id("JS-1"),
    "base_id": an_id("基地甲"),
    "starts_at": JUNE,
    "ends_at": JUNE + timedelta(hours=3),
    "minutes": 180,
}


def of_rating(stars: int, by: RatedBy = RatedBy.VISITORS) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "rating_id": an_id("rating"),
        "assignment_id": an_id("assignment"),
        "lecturer_id": an_id("JS-1"),
        "booking_id": an_id("booking"),
        "base_id": an_id("基地甲"),
        "rated_by": by,
        "stars": stars,
    }


def test_lecturers_are_counted_once_by_their_main_role_and_skill_and_volunteers_among_them():
    told = folded(
        joined("JS-1"),
        joined("JS-2", "guide", engagement=LecturerEngagement.STAFF),
        joined("JS-3"),
        LecturerRetired(**of_lecturer("JS-3"), retired_on=date(2020, 1, 1)),
    )

    assert told == {
        ("lecturers", "lecturer/party-history/volunteer"): 1,
        ("lecturers", "guide/party-history/staff"): 1,
        ("volunteer_lecturers", "lecturer/party-history"): 1,
    }


def test_a_lecturer_who_changes_is_counted_as_what_they_are_now():
    was = of_lecturer()
    now = was | {"skill_kind": "film", "engagement": LecturerEngagement.STAFF}

    told = folded(
        joined(),
        LecturerChanged(
            **now,
            was_area=COMMUNITY,
            was_role_kind=was["role_kind"],
            was_skill_kind=was["skill_kind"],
            was_engagement=was["engagement"],
        ),
    )

    assert told == {("lecturers", "lecturer/film/staff"): 1}


def test_what_was_released_is_not_arranged_and_only_what_was_completed_is_held():
    moved = of_assignment(60)
    told = folded(
        LecturerAssigned(**of_assignment()),
        LecturerAssignmentMoved(
            **moved,
            was_starts_at=JUNE,
            was_ends_at=JUNE + timedelta(minutes=90),
            was_minutes=90,
            was_area=COMMUNITY,
        ),
        LecturerAssigned(**of_assignment(assignment_id=an_id("other"), skill_kind="film")),
        LecturerReleased(**of_assignment(assignment_id=an_id("other"), skill_kind="film")),
        LecturerAssignmentCompleted(**moved, headcount=25),
    )

    assert told == {
        ("lectures_assigned", "booking/"): 1,
        ("lectures_held", "booking/"): 1,
        ("lecture_hours", "booking/"): 60,
    }


def test_minutes_are_shown_as_hours():
    hours = CATALOGUE.of("bases.lecture_hours", Counted)

    assert (hours.per, hours.digits, hours.unit) == (60, 1, "小时")


def test_a_shift_is_served_or_missed_and_a_correction_takes_back_what_was_said():
    corrected = {"outcome": ShiftStatus.SERVED, "was_outcome": ShiftStatus.MISSED}

    assert folded(GuideShiftPlanned(**SHIFT), GuideShiftCancelled(**SHIFT)) == {}
    assert folded(GuideShiftPlanned(**SHIFT), GuideShiftServed(**SHIFT)) == {
        ("guide_shifts_planned", ""): 1,
        ("guide_shifts_served", ""): 1,
    }
    assert folded(GuideShiftMissed(**SHIFT), GuideShiftCorrected(**SHIFT, **corrected)) == {
        ("guide_shifts_served", ""): 1
    }


def test_the_average_is_of_ratings_as_they_stand_after_changes():
    average = CATALOGUE.of("bases.lecturer_rating", Ratio)

    told = folded(
        LecturerRated(**of_rating(5)),
        LecturerRatingChanged(**of_rating(3), was_stars=5, was_rated_by=RatedBy.VISITORS),
    )

    assert told == {("lecturer_ratings", "visitors"): 1, ("lecturer_stars", "visitors"): 3}
    assert (average.over, average.under) == (("bases.lecturer_stars",), ("bases.lecturer_ratings",))
