"""Reminders: which there are, which fires, which are overtaken; over outages and moved ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cobuilding.domain.agreements import reminders
from services.cobuilding.domain.agreements.reminders import Reminder, RenewalReminders

D = date.fromisoformat
RULE = RenewalReminders(days=(90, 30, 7))
YEAR_END, LONG_AGO = D("2026-12-31"), D("2026-01-01")
DAY = timedelta(days=1)


def waiting(planned: list[Reminder], settled: set[int]) -> list[Reminder]:
    return [each for each in planned if each.days not in settled]


def played(
    act_by: date, effective: date, down: list[tuple[str, str]], since: date | None = None
) -> tuple[list[tuple[str, int, int]], list[int]]:
    """What a sweep a day does that is down on some: `(day, reminder, days left)`, and overtaken."""
    planned = reminders.reminders(act_by, effective, RULE)
    fired, overtaken, settled = [], [], set()
    day = since or effective
    while day <= act_by + 10 * DAY:
        if not any(D(first) <= day <= D(last) for first, last in down):
            due = reminders.due(waiting(planned, settled), day)
            if due.fires:
                fired.append((day.isoformat(), due.fires.days, due.days_left))
            overtaken += [each.days for each in due.superseded]
            settled |= {each.days for each in (*due.superseded, *filter(None, [due.fires]))}
        day += DAY
    return fired, overtaken


@pytest.mark.parametrize(
    ("down", "fired", "overtaken"),
    [
        ([], [("2026-10-02", 90, 90), ("2026-12-01", 30, 30), ("2026-12-24", 7, 7)], []),
        (
            [("2026-09-20", "2026-11-20")],
            [("2026-11-21", 90, 40), ("2026-12-01", 30, 30), ("2026-12-24", 7, 7)],
            [],
        ),
        ([("2026-11-25", "2026-12-27")], [("2026-10-02", 90, 90), ("2026-12-28", 7, 3)], [30]),
        ([("2026-09-01", "2027-03-01")], [], []),
    ],
)
def test_an_outage_loses_no_reminder_but_what_a_nearer_one_overtakes(down, fired, overtaken):
    assert played(YEAR_END, LONG_AGO, down) == (fired, overtaken)


def test_what_is_entered_late_is_reminded_of_once_with_the_days_really_left():
    fired, overtaken = played(YEAR_END, LONG_AGO, [], since=D("2026-12-11"))
    assert fired == [("2026-12-11", 30, 20), ("2026-12-24", 7, 7)]
    assert overtaken == [90]


def test_a_short_term_has_no_reminder_before_it_began():
    fired, overtaken = played(D("2026-06-29"), D("2026-05-01"), [])
    assert [each[:2] for each in fired] == [("2026-05-30", 30), ("2026-06-22", 7)]
    assert overtaken == []


def test_where_it_renews_itself_reminders_lead_to_the_day_to_object():
    planned = reminders.reminders(D("2026-12-01"), LONG_AGO, RULE)
    assert [each.on.isoformat() for each in planned] == ["2026-09-02", "2026-11-01", "2026-11-24"]


def test_a_moved_end_has_reminders_of_its_own():
    planned = reminders.reminders(D("2027-06-30"), LONG_AGO, RULE)
    assert [each.on.isoformat() for each in planned] == ["2027-04-01", "2027-05-31", "2027-06-23"]


def test_renewal_is_due_from_the_first_reminder_on():
    assert not reminders.renewal_due(YEAR_END, LONG_AGO, RULE, D("2026-10-01"))
    assert reminders.renewal_due(YEAR_END, LONG_AGO, RULE, D("2026-10-02"))
    assert not reminders.renewal_due(YEAR_END, YEAR_END, RULE, YEAR_END)


@given(
    length=st.integers(1, 800),
    looks=st.lists(st.integers(0, 820), max_size=40),
    days=st.sets(st.integers(1, 200), min_size=1, max_size=5),
)
def test_whenever_it_is_looked_each_fires_once_at_most_and_the_nearest_in_time(length, looks, days):
    effective = D("2026-01-01")
    act_by = effective + length * DAY
    planned = reminders.reminders(act_by, effective, RenewalReminders(days=tuple(days)))
    settled: set[int] = set()
    for look in sorted(looks):
        today = effective + look * DAY
        due = reminders.due(waiting(planned, settled), today)
        done = [each.days for each in (*due.superseded, *filter(None, [due.fires]))]
        assert not settled & set(done)
        settled |= set(done)
        if today > act_by:
            assert not done
        elif due.fires is not None:
            assert due.fires.on <= today <= act_by
            assert due.days_left == (act_by - today).days
            assert all(each.days > due.fires.days for each in due.superseded)
    assert len(planned) == len({each.days for each in planned})
