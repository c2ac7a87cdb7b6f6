"""Free times beside an oracle that asks the rules of booking about one quarter after another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.kinds import Sharing
from contracts.kinds.bases import DayKind
from services.bases.domain.availability import (
    DayState,
    Filing,
    Supply,
    Wanted,
    days_of,
    enough,
    instant,
    month,
    starts,
)
from services.bases.domain.bookings import ask
from services.bases.domain.bookings.terms import BookingTerms, OffDays
from services.bases.domain.opening import Hours, Range, Timetable
from services.bases.tables.slots import buckets
from services.chassis.clock import LOCAL
from services.chassis.errors import Refusal
from services.chassis.working_days import WorkingCalendar
from tests.profiles import examples
from tests.unit.bases import build

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
QUARTER = 15 * MINUTE
KNOWN = frozenset({2026, 2028})

# A working week; a make-up Saturday; the last day of February; a year into one that is not known.
MONDAYS = (date(2026, 6, 8), date(2026, 10, 9), date(2028, 2, 27), date(2026, 12, 30))
CALENDAR = WorkingCalendar(KNOWN, {date(2026, 10, 10): True, date(2026, 6, 10): False})


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(), LOCAL) + minute * MINUTE


@dataclass(frozen=True)
class Case:
    supply: Supply
    off_days: OffDays
    wanted: Wanted

    @property
    def filing(self) -> Filing:
        return Filing(self.supply.timetable.calendar, self.off_days, self.wanted.at)

    def granted(self, since: datetime, until: datetime) -> bool:
        """Whether the rules and then the guard would let such a booking through."""
        supply = self.supply
        wish = build.wish(starts_at=since, ends_at=until, headcount=self.wanted.headcount)
        occasion = build.occasion(
            supply.terms,
            self.off_days,
            venue=supply.venue,
            timetable=supply.timetable,
            terms=supply.terms,
        )
        try:
            ask.request(wish, occasion, at=self.wanted.at)
        except Refusal:
            return False
        _, held_until = ask.held(since, until, supply.venue)
        if any(a < held_until and since < b for a, b in supply.held):
            return False
        capacity = supply.venue.capacity
        return all(
            supply.places.get(int(bucket.timestamp()) // 900, capacity) >= self.wanted.headcount
            for bucket in buckets(since, held_until)
        )


minutes_of_day = st.integers(0, 288).map(lambda n: n * 5)
spans = st.lists(minutes_of_day, max_size=4, unique=True).map(
    lambda found: tuple(zip(sorted(found)[::2], sorted(found)[1::2], strict=False))
)
hours = st.dictionaries(st.sampled_from(DayKind), spans, min_size=4)


@st.composite
def ranges(draw: st.DrawFn, first: date, most: int = 4) -> Sequence[Range]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        since = at(first, draw(st.integers(-600, 4 * 1440)))
        found.append((since, since + draw(st.integers(1, 1500)) * MINUTE))
    return found


@st.composite
def timetables(draw: st.DrawFn, first: date) -> Timetable:
    of_base = [Hours(date(2020, 1, 1), draw(hours))]
    if draw(st.booleans()):
        of_base.append(Hours(first + DAY, draw(hours)))
    of_venue = [Hours(first + 2 * DAY, draw(hours))] if draw(st.booleans()) else []
    always = draw(st.booleans())
    return Timetable(
        CALENDAR, () if always else of_base, () if always else of_venue, draw(ranges(first, 2))
    )


@st.composite
def supplies(draw: st.DrawFn, first: date) -> Supply:
    shared = draw(st.booleans())
    taken: dict[int, int] = {}
    if shared:
        for since, until in draw(ranges(first)):
            left = draw(st.sampled_from((0, 1, 19, 20, 39, 40)))
            for bucket in buckets(since, until):
                taken[int(bucket.timestamp()) // 900] = left
    return Supply(
        venue=build.venue(
            sharing=Sharing.SHARED if shared else Sharing.EXCLUSIVE,
            buffer=draw(st.sampled_from((0, 10, 15, 90))) * MINUTE,
            retired=draw(st.integers(0, 15)) == 0,
        ),
        timetable=draw(timetables(first)),
        terms=BookingTerms(
            notice_minutes=draw(st.sampled_from((0, 60, 1440))),
            horizon_days=draw(st.sampled_from((1, 2, 366))),
            longest_minutes=draw(st.sampled_from((60, 1440))),
        ),
        held=() if shared else draw(ranges(first)),
        places=taken,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    first = draw(st.sampled_from(MONDAYS))
    return Case(
        draw(supplies(first)),
        OffDays(working_days=draw(st.integers(0, 2)), filed_on_working_days=draw(st.booleans())),
        Wanted(
            first=first,
            last=first + 2 * DAY,
            at=at(first, draw(st.integers(-2880, 2880))),
            minutes=draw(st.sampled_from((15, 40, 60, 300, 1440))),
            headcount=draw(st.sampled_from((1, 20, 40, 41))),
        ),
    )


@settings(max_examples=examples(150))
@given(cases())
def test_a_start_is_offered_exactly_where_a_request_would_be_granted(case):
    days = month(case.supply, case.wanted, case.filing)

    lasts = case.wanted.minutes * MINUTE
    offered = {start for day in days for start in day.starts}
    quarters = [at(case.wanted.first, n * 15) for n in range(3 * 96)]
    assert offered == {start for start in quarters if case.granted(start, start + lasts)}
    assert all(start.astimezone(LOCAL).date() == day.day for day in days for start in day.starts)


@settings(max_examples=examples(150))
@given(cases(), st.lists(st.tuples(st.integers(0, 2880), st.integers(1, 900)), max_size=40))
def test_a_booking_is_had_exactly_where_it_lies_in_what_is_free(case, tried):
    """Minute by minute, and when the terms of its base ask for nothing."""
    at_once = BookingTerms(notice_minutes=0)
    case = replace(
        case,
        supply=replace(case.supply, terms=at_once),
        off_days=OffDays(working_days=0, filed_on_working_days=False),
        wanted=replace(case.wanted, minutes=None),
    )
    days = month(case.supply, case.wanted, case.filing)

    free = [(each.since, each.until) for day in days for each in day.free]
    for begins, lasts in tried:
        since = at(case.wanted.first, begins)
        until = since + lasts * MINUTE
        assert _covered(since, until, free) == case.granted(since, until)


def _covered(since: datetime, until: datetime, free: Sequence[Range]) -> bool:
    """By ranges that may go on past midnight."""
    for a, b in free:
        if a <= since < b:
            since = b
    return since >= until


# By example

WEEK = dict.fromkeys(tuple(DayKind)[:7], ((540, 1020),))
"""Nine to five, every day."""


def supply(*, hours=WEEK, closures=(), **given):
    stated = [Hours(date(2020, 1, 1), hours)]
    return Supply(
        **{
            "venue": build.venue(),
            "timetable": Timetable(CALENDAR, stated, closures=closures),
            "terms": BookingTerms(notice_minutes=0),
        }
        | given
    )


TUESDAY = date(2026, 6, 9)
EARLY = at(TUESDAY, -1440)
AT_ONCE = OffDays(working_days=0, filed_on_working_days=False)


def drawn(of, first=TUESDAY, last=TUESDAY, asked=EARLY, rule=AT_ONCE, **given):
    wanted = Wanted(first=first, last=last, at=asked, **given)
    return month(of, wanted, Filing(of.timetable.calendar, rule, asked))


def clocks(instants):
    return [f"{each.astimezone(LOCAL):%H:%M}" for each in instants]


def test_the_buffer_is_kept_free_before_the_next_booking_and_after_the_last():
    """Turnaround (Buffer): within the range that is held, and before it for whoever comes first."""
    held = (at(TUESDAY, 720), at(TUESDAY, 795))  # noon to one, and a quarter to air and clean

    [day] = drawn(supply(held=[held]), minutes=60)

    assert [clocks((each.since, each.until)) for each in day.free] == [
        ["09:00", "11:45"],
        ["13:15", "17:00"],
    ]
    assert "10:45" in clocks(day.starts)
    assert "11:00" not in clocks(day.starts)
    assert clocks(day.starts)[-1] == "16:00"  # opening hours cover the booking, not its buffer


def test_states_of_a_day_are_what_a_console_colours():
    whole = at(TUESDAY, 0), at(TUESDAY, 1440)
    held = [(at(TUESDAY, 600), at(TUESDAY, 660))]

    def state(of, **given):
        return drawn(of, **given)[0].state

    assert state(supply()) == DayState.OPEN
    assert state(supply(held=held)) == DayState.PARTLY
    assert state(supply(held=[whole])) == DayState.FULL
    assert state(supply(held=held), minutes=480) == DayState.FULL  # nothing so long
    assert state(supply(closures=[whole])) == DayState.CLOSED
    assert state(supply(hours={})) == DayState.CLOSED
    assert state(supply(venue=build.venue(retired=True))) == DayState.CLOSED
    assert state(supply(), asked=at(TUESDAY, 1020)) == DayState.OVER
    assert state(supply(), asked=at(TUESDAY, 1019)) == DayState.OPEN


def test_now_cuts_the_past():
    [day] = drawn(supply(), asked=at(TUESDAY, 617), minutes=60)

    assert clocks((day.free[0].since, day.free[0].until)) == ["10:17", "17:00"]
    assert clocks(day.starts)[0] == "10:30"


def test_places_of_a_shared_venue_are_the_fewest_within_the_range():
    def quarter(minute):
        return int(at(TUESDAY, minute).timestamp()) // 900

    shared = supply(
        venue=build.venue(sharing=Sharing.SHARED, buffer=timedelta()),
        places={quarter(600): 12, quarter(615): 3},
    )

    [few] = drawn(shared, headcount=3)
    [more] = drawn(shared, headcount=4)

    assert (few.state, [each.places for each in few.free]) == (DayState.PARTLY, [3])
    assert [(*clocks((each.since, each.until)), each.places) for each in more.free] == [
        ("09:00", "10:15", 12),
        ("10:30", "17:00", 40),
    ]


def test_a_year_without_calendar_data_is_said_day_by_day_and_fails_nothing_else():
    closed = (at(date(2027, 1, 2), 0), at(date(2027, 1, 3), 0))

    last, first, second = drawn(
        supply(closures=[closed]), date(2026, 12, 31), date(2027, 1, 2), minutes=60
    )

    assert (last.state, last.off_day, len(last.starts)) == (DayState.OPEN, False, 29)
    assert (first.state, first.off_day, first.free) == (DayState.CALENDAR_MISSING, None, ())
    assert first.refused == "calendar-missing"
    assert (second.state, second.refused) == (DayState.CLOSED, None)  # whatever day it may be


def test_a_night_into_a_year_without_calendar_data_ends_at_midnight():
    always = supply(timetable=Timetable(CALENDAR))
    [day] = drawn(always, date(2026, 12, 31), date(2026, 12, 31), minutes=60)

    assert clocks(day.starts)[-1] == "23:00"


def test_a_night_goes_on_into_the_next_day_and_each_start_lies_in_its_own():
    always = supply(timetable=Timetable(CALENDAR))

    first, second = drawn(always, TUESDAY, TUESDAY + DAY, minutes=60)

    assert clocks(first.starts)[-1] == "23:45"
    assert clocks(second.starts)[0] == "00:00"
    assert clocks((first.free[0].since, first.free[0].until)) == ["00:00", "00:00"]


def test_the_twenty_ninth_of_february_is_a_day_like_any():
    days = drawn(supply(), date(2028, 2, 28), date(2028, 3, 1), minutes=60)

    assert [(day.day.day, day.state) for day in days] == [
        (28, DayState.OPEN),
        (29, DayState.OPEN),
        (1, DayState.OPEN),
    ]


def test_what_reaches_into_an_off_day_is_filed_for_one():
    """From Friday into Saturday, filed on Friday, when off days want a working day in between."""
    friday = date(2026, 6, 12)
    always = supply(timetable=Timetable(CALENDAR))
    rule = OffDays(working_days=1, filed_on_working_days=True)

    [day] = drawn(always, friday, friday, at(friday, 0), rule, minutes=120)
    [sooner] = drawn(always, friday, friday, at(friday, -60), rule, minutes=120)

    assert clocks(day.starts)[-1] == "22:00"  # until midnight and no further
    assert clocks(sooner.starts)[-1] == "23:45"


def test_days_that_no_request_filed_now_can_get_say_why():
    friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    terms = BookingTerms(notice_minutes=1440, horizon_days=2)
    rule = OffDays(working_days=1, filed_on_working_days=True)

    def refused(asked):
        days = drawn(supply(terms=terms), friday, monday, asked, rule)
        return [day.refused for day in days]

    assert refused(at(friday, 540)) == ["too-little-notice", None, None, "too-far-ahead"]
    assert refused(at(friday, 1440 + 1)) == [
        None,  # over
        "too-little-notice",
        "filed-off-day",
        None,
    ]


def test_more_people_than_the_venue_holds_find_nothing_and_hear_why():
    [day] = drawn(supply(), headcount=41)

    assert (day.state, day.refused) == (DayState.FULL, "over-capacity")


def test_starts_that_want_several_are_those_at_which_enough_are_free():
    noon = at(TUESDAY, 720)
    spare = [
        [(noon - 60 * MINUTE, noon + 60 * MINUTE)],
        [(noon, noon + 120 * MINUTE)],
        [(noon + 60 * MINUTE, noon + 120 * MINUTE)],
    ]
    within = noon - DAY, noon + DAY

    def found(count):
        return clocks(instant(start) for start in sorted(enough(spare, count, 60, within)))

    assert found(3) == []
    assert found(2) == ["12:00", "13:00"]
    assert found(1)[0] == "11:00"


def test_somebody_who_is_no_venue_has_days_of_the_same_shape():
    hours = {TUESDAY: [(at(TUESDAY, 540), at(TUESDAY, 720))], TUESDAY + DAY: []}
    wanted = Wanted(first=TUESDAY, last=TUESDAY + DAY, at=EARLY, minutes=60)

    first, second = days_of(hours, [(at(TUESDAY, 540), at(TUESDAY, 600))], wanted)

    assert (first.state, clocks(first.starts)) == (DayState.PARTLY, ["09:00"])
    assert second.state == DayState.CLOSED


def test_quarters_are_counted_from_both_ends_included():
    nine = at(TUESDAY, 540)
    found = [
        instant(start)
        for start in starts([(nine - MINUTE, nine + 61 * MINUTE)], 15, nine, nine + 45 * MINUTE)
    ]

    assert clocks(found) == ["09:00", "09:15", "09:30", "09:45"]
