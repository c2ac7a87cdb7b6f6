"""Figures of visits: what is corrected or withdrawn is taken back where it was counted."""

from collections import Counter
from typing import Any

from contracts.bases.bookings import BookingCompleted
from contracts.bases.visits import (
    FilmShown,
    FilmWithdrawn,
    TourCompleted,
    TourWithdrawn,
    TrainingCompleted,
    TrainingWithdrawn,
    VisitCompleted,
    VisitCorrected,
    VisitJoined,
    VisitParted,
    VisitWithdrawn,
)
from contracts.event import Event
from contracts.kinds import Channel, VisitorLevel
from contracts.kinds.books import WithdrawReason
from services.projector.fold import tell
from tests.unit.projector.build import COMMUNITY, JUNE, Log, an_id


def folded(*events: Event) -> Counter[tuple[str, str]]:
    """Figure and dimension values to what the events add up to; zeroes are left out."""
    total: Counter[tuple[str, str]] = Counter()
    log = Log()
    for event in events:
        told = tell(log.write(event).body.encode())
        assert told.problem is None
        for fact in told.facts:
            key = fact.figure.removeprefix("bases."), fact.dims.replace("\x1f", "/")
            total[key] += fact.amount
    return Counter({key: amount for key, amount in total.items() if amount})


def visit(**given: Any) -> dict[str, Any]:
    return {
        "area": COMMUNITY,
        "visit_id": an_id("接待"),
        "base_id": an_id("基地甲"),
        "base_kind": "red",
        "organisation_id": an_id("支部甲"),
        "visitor_level": VisitorLevel.DISTRICT,
        "channel": Channel.PHONE,
        "actual_headcount": 32,
        "started_at": JUNE,
    } | given


def corrected(was: dict[str, Any], **changes: Any) -> VisitCorrected:
    before = VisitCompleted(**was).model_dump()
    told = {name for name in VisitCorrected.model_fields if name.startswith("was_")}
    old = {name: before[name.removeprefix("was_")] for name in told}
    return VisitCorrected(**was | {"correction": 1, "booked": False} | changes, **old)


def booking(**given: Any) -> BookingCompleted:
    return BookingCompleted(
        **{
            "area": COMMUNITY,
            "booking_id": an_id("预约"),
            "base_id": an_id("基地甲"),
            "base_kind": "red",
            "venue_id": an_id("一厅"),
            "organisation_id": an_id("支部甲"),
            "starts_at": JUNE,
            "ends_at": JUNE.replace(hour=3),
            "headcount": 40,
            "channel": Channel.PHONE,
            "visitor_level": VisitorLevel.DISTRICT,
            "actual_headcount": 30,
            "visit_id": an_id("接待"),
        }
        | given
    )


def test_batch_and_person_times_by_visitor_level_follow_a_correction():
    was = visit()

    found = folded(
        VisitCompleted(**was),
        corrected(was, visitor_level=VisitorLevel.CITY, actual_headcount=23, purpose_kind="film"),
    )

    assert found == {
        ("visit_batches", "city/phone/red/film"): 1,
        ("visit_persons", "city/phone/red/film"): 23,
        ("organisations_visiting", "red"): 1,
    }


def test_a_withdrawn_visit_was_never_counted():
    was = visit(with_organisation_ids=[an_id("支部乙")], cross_unit=True)
    joined = VisitJoined(
        area=COMMUNITY,
        visit_id=an_id("接待"),
        base_id=an_id("基地甲"),
        base_kind="red",
        organisation_id=an_id("支部乙"),
    )

    assert (
        folded(
            VisitCompleted(**was),
            joined,
            VisitWithdrawn(**was, reason=WithdrawReason.ENTERED_WRONGLY),
            VisitParted(**joined.model_dump()),
        )
        == {}
    )


def test_a_visit_is_cross_unit_while_somebody_came_along():
    was = visit(with_organisation_ids=[an_id("支部乙")], cross_unit=True)
    alone = visit()
    key = ("cross_unit_visits", "district/phone/red/")

    assert folded(VisitCompleted(**was))[key] == 1
    assert folded(VisitCompleted(**alone))[key] == 0
    dropped = corrected(was, with_organisation_ids=[], cross_unit=False)
    assert folded(VisitCompleted(**was), dropped)[key] == 0
    gained = corrected(alone, with_organisation_ids=[an_id("支部乙")], cross_unit=True)
    assert folded(VisitCompleted(**alone), gained)[key] == 1


def test_planned_and_actual_person_times_of_bookings_follow_the_corrected_visit():
    dims = "phone/district/red"
    found = folded(booking())
    assert (found["persons_expected", dims], found["persons_honoured", dims]) == (40, 30)

    was = visit(actual_headcount=30, booking_id=an_id("预约"))
    put_right = corrected(was, actual_headcount=35, booked=True)
    assert folded(booking(), put_right)["persons_honoured", dims] == 35
    paper = corrected(was, actual_headcount=35, booked=False)
    assert folded(booking(), paper)["persons_honoured", dims] == 30


def test_visits_on_off_days_are_counted_apart():
    key = ("off_day_visits", "phone/district/red")

    assert folded(booking(off_day=True))[key] == 1
    assert folded(booking(off_day=False))[key] == 0


def test_films_trainings_and_tours_count_times_and_people_until_withdrawn():
    held = {
        "area": COMMUNITY,
        "base_id": an_id("基地甲"),
        "base_kind": "red",
        "headcount": 32,
        "started_at": JUNE,
    }
    film = held | {"occasion_id": an_id("放映"), "kind": "warning"}
    training = held | {"occasion_id": an_id("培训"), "kind": "training"}
    tour = held | {"occasion_id": an_id("观摩"), "kind": "work"}
    began = (FilmShown(**film), TrainingCompleted(**training), TourCompleted(**tour))
    ended = (FilmWithdrawn(**film), TrainingWithdrawn(**training), TourWithdrawn(**tour))

    assert folded(*began) == {
        ("film_showings", "warning/red"): 1,
        ("film_viewers", "warning/red"): 32,
        ("trainings", "training/red"): 1,
        ("trainees", "training/red"): 32,
        ("tours", "work/red"): 1,
        ("tour_persons", "work/red"): 32,
    }
    assert folded(*began, *ended) == {}
