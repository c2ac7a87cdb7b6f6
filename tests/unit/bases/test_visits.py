"""Who is let in by code, and what a visit may be corrected to."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from contracts.kinds import BookingStatus
from contracts.kinds.visits import OccasionSort
from services.bases.domain.visits.codes import (
    CheckInGuesses,
    Coded,
    CodeUnknown,
    Guesses,
    TooManyGuesses,
    WrongDay,
    choose,
    guessed,
    may_guess,
)
from services.bases.domain.visits.occasions import NotHeldThere, Said, of_purpose

NOON = datetime(2026, 6, 10, 4, tzinfo=UTC)
RULE = CheckInGuesses(most=5, within_minutes=10)
EARLY, HOUR = timedelta(hours=2), timedelta(hours=1)


def coded(hours: float, status: BookingStatus = BookingStatus.CONFIRMED) -> Coded:
    starts_at = NOON + timedelta(hours=hours)
    return Coded(booking_id=uuid4(), status=status, starts_at=starts_at, ends_at=starts_at + HOUR)


def test_the_last_of_the_guesses_allowed_is_a_guess_and_the_next_is_none():
    may_guess(None, RULE, NOON)
    may_guess(Guesses(NOON, 4), RULE, NOON)
    with pytest.raises(TooManyGuesses):
        may_guess(Guesses(NOON, 5), RULE, NOON)


def test_waiting_ends_with_the_minute_and_counting_begins_anew():
    locked, end = Guesses(NOON, 5), NOON + timedelta(minutes=10)

    with pytest.raises(TooManyGuesses):
        may_guess(locked, RULE, end - timedelta(seconds=1))
    may_guess(locked, RULE, end)
    assert guessed(locked, RULE, end) == Guesses(end, 1)
    assert guessed(Guesses(NOON, 1), RULE, end - timedelta(seconds=1)) == Guesses(NOON, 2)


def test_of_several_days_with_one_code_today_is_meant():
    today = coded(3)

    assert choose([coded(-24), coded(24), today], NOON, EARLY) is today


def test_a_booking_soon_after_midnight_is_checked_in_before_it():
    late = NOON + timedelta(hours=11)  # 23:00 in Shanghai
    soon = coded(13)

    assert choose([soon], late, EARLY) is soon
    assert isinstance(choose([coded(13.5)], late, EARLY), WrongDay)


def test_another_day_is_told_only_of_what_is_awaited_then():
    assert isinstance(choose([coded(24)], NOON, EARLY), WrongDay)
    gone = coded(24, BookingStatus.CANCELLED)
    assert isinstance(choose([gone], NOON, EARLY), CodeUnknown)
    assert isinstance(choose([], NOON, EARLY), CodeUnknown)


def test_the_traits_of_the_purpose_say_what_was_held():
    known = frozenset({"party-lecture", "other"})

    assert of_purpose("film", {"film": True}, known, Said()) == {OccasionSort.FILM: "other"}
    lecture = of_purpose("party-lecture", {"training": True}, known, Said())
    assert lecture == {OccasionSort.TRAINING: "party-lecture"}
    own = of_purpose("our-own", {"training": True}, known, Said())
    assert own == {OccasionSort.TRAINING: "other"}
    assert of_purpose("tour", {}, known, Said()) == {}
    with pytest.raises(NotHeldThere):
        of_purpose("tour", {}, known, Said(film_kind="warning"))
