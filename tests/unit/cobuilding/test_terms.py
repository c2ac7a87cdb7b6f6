"""Terms by the two readings of a duration, their renewals, and what is to be done by a day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from contracts.kinds.agreements import Reckoning
from services.chassis.errors import Defect
from services.chassis.published_days import published_calendar
from services.chassis.working_days import CalendarMissing
from services.cobuilding.domain.agreements import terms
from services.cobuilding.domain.agreements.terms import NotRenewing, ObjectionTooLate, Term

D = date.fromisoformat


@pytest.mark.parametrize(
    ("first", "months", "statutory", "counted"),
    [
        ("2026-01-01", 12, "2027-01-01", "2026-12-31"),
        ("2026-03-02", 12, "2027-03-02", "2027-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-28"),
        ("2023-03-01", 12, "2024-03-01", "2024-02-29"),
        ("2025-08-31", 6, "2026-02-28", "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28", "2026-02-28"),
        ("2026-03-31", 3, "2026-06-30", "2026-06-30"),
        ("2025-10-01", 12, "2026-10-01", "2026-09-30"),
        ("2025-02-14", 12, "2026-02-14", "2026-02-13"),
        ("2025-09-19", 12, "2026-09-19", "2026-09-18"),
        ("2026-05-01", 6, "2026-11-01", "2026-10-31"),
    ],
)
def test_a_duration_has_two_right_last_days(first, months, statutory, counted):
    assert terms.last_day(D(first), months, Reckoning.STATUTORY) == D(statutory)
    assert terms.last_day(D(first), months, Reckoning.COUNTED) == D(counted)


@pytest.mark.parametrize("months", [1, 2, 3, 6, 12])
@pytest.mark.parametrize("reckoning", [Reckoning.COUNTED, Reckoning.STATUTORY])
def test_no_start_day_of_four_years_leaves_a_gap_or_an_overlap_between_terms(reckoning, months):
    wrong = []
    for n in range(4 * 365 + 1):
        first = D("2024-01-01") + timedelta(days=n)
        term = _renewing(first, terms.last_day(first, months, reckoning), months)
        ends = [term.last_day]
        for _ in range(5):
            term = term.extended()
            ends.append(term.last_day)
        lengths = [(after - before).days for before, after in pairwise(ends)]
        if not all(28 * months <= days <= 31 * months for days in lengths):
            wrong.append((first, ends))
        if term.over != term.last_day + timedelta(days=1):
            wrong.append((first, "the next does not begin the day after"))
    assert wrong == []


@pytest.mark.parametrize(
    ("last", "months", "ends"),
    [
        ("2024-02-29", 12, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2026-01-31", 1, ["2026-02-28", "2026-03-31", "2026-04-30"]),
    ],
)
def test_renewals_are_reckoned_from_the_stated_end_and_never_creep(last, months, ends):
    term, reached = _renewing(D(last) - timedelta(days=27), D(last), months), []
    for _ in ends:
        term = term.extended()
        reached.append(term.last_day.isoformat())
    assert reached == ends


def test_it_renews_itself_as_often_as_was_agreed_and_not_against_an_objection():
    once = _renewing(D("2026-01-01"), D("2026-12-31"), 12, most=1)
    assert once.renews
    assert not once.extended().renews
    assert not once.objected(D("2026-12-01")).renews
    assert _renewing(D("2026-01-01"), D("2026-12-31"), 12).extended().extended().renews
    with pytest.raises(Defect):
        terms.stated(D("2026-01-01"), D("2026-12-31")).extended()


def test_an_objection_that_comes_too_late_is_told_for_which_end_it_would_work():
    term = _renewing(D("2026-01-01"), D("2026-12-31"), 12, notice=30)
    assert term.act_by == D("2026-12-01")
    assert term.objected(D("2026-12-01")).objected_on == D("2026-12-01")
    with pytest.raises(ObjectionTooLate) as late:
        term.objected(D("2026-12-02"))
    assert late.value.facts["act_by"] == "2026-12-01"
    assert late.value.facts["works_for"] == "2027-12-31"
    with pytest.raises(NotRenewing):
        terms.stated(D("2026-01-01"), D("2026-12-31")).objected(D("2026-06-01"))


def test_what_does_not_renew_itself_can_be_acted_upon_until_its_last_day():
    term = _renewing(D("2026-01-01"), D("2026-12-31"), 12, most=1, notice=30).extended()
    assert (term.last_day, term.act_by) == (D("2027-12-31"), D("2027-12-31"))
    assert term.runs_on(D("2027-12-31"))
    assert not term.runs_on(term.over)


def test_an_amended_end_is_reckoned_from_and_forgets_an_objection_to_the_old_one():
    term = _renewing(D("2026-01-01"), D("2026-12-31"), 12).extended().objected(D("2027-06-01"))
    moved = term.restated(D("2028-02-29"))
    assert moved.renews
    assert moved.extended().last_day == D("2029-02-28")
    assert moved.extensions == 1
    with pytest.raises(terms.TermEndsEarly) as early:
        term.restated(D("2025-12-31"))
    assert early.value.facts["field"] == "last_day"


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        ("2026-02-28", "2026-02-28"),
        ("2026-02-14", "2026-02-14"),
        ("2026-06-30", "2026-06-30"),
        ("2026-10-01", "2026-10-08"),
        ("2026-09-19", "2026-09-20"),
        ("2026-11-01", "2026-11-02"),
    ],
)
def test_what_is_to_be_done_by_a_rest_day_may_be_done_on_the_next_day_worked(day, moved):
    assert terms.moved_on(D(day), published_calendar()) == D(moved)


def test_a_year_whose_holidays_are_unknown_is_not_guessed():
    with pytest.raises(CalendarMissing):
        terms.moved_on(D("2031-01-01"), published_calendar())


def _renewing(first: date, last: date, months: int, most: int = 0, notice: int = 0) -> Term:
    renewal = {"renewal_months": months, "renewal_most": most, "notice_days": notice}
    return terms.stated(first, last).model_copy(update=renewal)
