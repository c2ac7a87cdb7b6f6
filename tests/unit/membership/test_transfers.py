"""The rules of transfers, without database or clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.kinds.transfers import TransferDirection, TransferState
from contracts.membership.transfers import TransferCancelled, TransferRedirected
from services.membership.domain import transfers as domain
from services.membership.domain.members.states import Branch
from services.membership.domain.transfers import (
    CounterpartMissing,
    Letter,
    LetterExpired,
    LetterReminder,
    LetterValidity,
    SameOrganisation,
    TakesNoTransfers,
    ValidityOutOfRange,
)

RULE = LetterValidity(default_days=30, most_days=90)
SENT_ON = date(2026, 7, 1)
HERE, THERE, NEXT = (UUID(int=n) for n in (1, 2, 3))
AREA, ELSEWHERE = "410305001001", "410305002001"
SENDER = Branch(organisation_id=HERE, area=AREA)
RECEIVER = Branch(organisation_id=THERE, area=ELSEWHERE)
LETTER = Letter(issuer_id=NEXT, letter_year=2026, letter_number=17)
ASKED = {
    "transfer_id": UUID(int=8),
    "member_id": UUID(int=9),
    "to_id": THERE,
    "cause": "retired",
    "counterpart": None,
}
OPEN = domain.send(ASKED, SENDER, RECEIVER, SENT_ON, 30)


def test_a_letter_says_who_issued_it_and_its_last_day() -> None:
    event = domain.sent(OPEN, LETTER)

    assert (event.area, event.from_id, event.to_id) == (AREA, HERE, THERE)
    assert (event.letter_year, event.letter_number) == (2026, 17)
    assert event.valid_until == date(2026, 7, 31)


def test_to_the_outside_the_other_side_is_named() -> None:
    with pytest.raises(CounterpartMissing):
        domain.send(ASKED | {"to_id": None}, SENDER, None, SENT_ON, 30)

    named = ASKED | {"to_id": None, "counterpart": "测试市某公司党委"}
    event = domain.sent(domain.send(named, SENDER, None, SENT_ON, 30), LETTER)
    assert event.direction is TransferDirection.OUT
    assert "某公司" not in event.model_dump_json()


@pytest.mark.parametrize("days", [1, 90])
def test_one_to_ninety_days_are_taken(days: int) -> None:
    assert domain.check_validity(days, RULE) == days


@pytest.mark.parametrize("days", [0, 91, -1])
def test_fewer_or_more_are_refused(days: int) -> None:
    with pytest.raises(ValidityOutOfRange) as refused:
        domain.check_validity(days, RULE)
    assert refused.value.facts["most"] == 90


@pytest.mark.parametrize(
    ("asked", "setting", "days"),
    [(None, None, 30), (None, 60, 60), (10, 60, 10), (None, 120, 90)],
)
def test_validity_is_as_asked_else_as_set_else_the_default_and_never_more_than_the_rule(
    asked: int | None, setting: int | None, days: int
) -> None:
    assert domain.validity(asked, setting, RULE) == days


def test_a_default_beyond_the_most_makes_no_rule() -> None:
    with pytest.raises(ValueError, match="最长"):
        LetterValidity(default_days=91, most_days=90)


def test_it_is_received_on_its_last_day_and_not_after() -> None:
    received = domain.receive(OPEN, ELSEWHERE, OPEN.valid_until)
    assert (received.area, received.was_area) == (ELSEWHERE, AREA)

    with pytest.raises(LetterExpired) as refused:
        domain.receive(OPEN, ELSEWHERE, OPEN.valid_until + timedelta(days=1))
    assert "重新开具" in (refused.value.zh or "")


def test_an_expired_letter_says_what_to_do_rather_than_that_it_is_closed() -> None:
    with pytest.raises(LetterExpired):
        domain.receive(OPEN.model_copy(update={"state": TransferState.EXPIRED}), ELSEWHERE, SENT_ON)


CLOSED = [state for state in TransferState if state is not TransferState.SENT]


def test_reminders_are_counted() -> None:
    assert domain.remind(OPEN.model_copy(update={"reminded": 2})).times == 3


def test_the_clock_reminds_so_many_days_before_the_last() -> None:
    assert domain.reminds_on(date(2026, 7, 31), LetterReminder(days_before=7)) == date(2026, 7, 24)


def test_a_letter_lapses_at_the_midnight_that_ends_its_last_day() -> None:
    assert domain.lapses_at(date(2026, 7, 31)) == datetime(2026, 7, 31, 16, tzinfo=UTC)


def test_only_another_organisation_with_members_of_its_own_receives() -> None:
    with pytest.raises(SameOrganisation):
        domain.check_receiver(SENDER, HERE)
    with pytest.raises(TakesNoTransfers):
        domain.check_receiver(replace(RECEIVER, takes_members=False), HERE)
    domain.check_receiver(RECEIVER, HERE)


@pytest.mark.parametrize(
    ("valid_until", "today", "refusal"),
    [
        (date(2026, 7, 31), date(2026, 7, 31), None),
        (date(2026, 7, 31), date(2026, 8, 1), LetterExpired),
        (date(2026, 9, 29), SENT_ON, None),
        (date(2026, 9, 30), SENT_ON, ValidityOutOfRange),
        (SENT_ON, SENT_ON, ValidityOutOfRange),
    ],
)
def test_a_letter_from_outside_is_current_and_within_the_rule(
    valid_until: date, today: date, refusal: type[Exception] | None
) -> None:
    letter = {"to_id": THERE, "sent_on": SENT_ON, "valid_until": valid_until}

    if refusal is None:
        transfer = domain.arrive(ASKED | letter, RECEIVER, RULE, today)
        assert (transfer.area, transfer.from_id) == (ELSEWHERE, None)
    else:
        with pytest.raises(refusal):
            domain.arrive(ASKED | letter, RECEIVER, RULE, today)


def test_the_successor_of_a_sender_answers_in_its_own_area() -> None:
    successor = Branch(organisation_id=NEXT, area=ELSEWHERE)

    event = domain.redirect(OPEN, HERE, successor)

    assert isinstance(event, TransferRedirected)
    assert (event.from_id, event.to_id) == (NEXT, THERE)
    assert (event.area, event.was_area) == (ELSEWHERE, AREA)


def test_the_successor_of_a_receiver_leaves_it_with_the_sender() -> None:
    successor = Branch(organisation_id=NEXT, area=ELSEWHERE)

    event = domain.redirect(OPEN, THERE, successor)

    assert isinstance(event, TransferRedirected)
    assert (event.from_id, event.to_id, event.area) == (HERE, NEXT, AREA)


def test_when_both_sides_become_one_there_is_nothing_left_to_transfer() -> None:
    assert isinstance(domain.redirect(OPEN, HERE, RECEIVER), TransferCancelled)
