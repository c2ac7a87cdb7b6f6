"""What may stand in the books, and how an entry changes."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.kinds.books import Book, Bound, Duration, Rank, TaskState, WithdrawReason
from contracts.membership.books import ProfileEvent
from services.membership.domain import books, profiles
from services.membership.domain.books import (
    AmountMissing,
    EndsBeforeItBegins,
    Entry,
    EntryClosed,
    FundMinimum,
    NotOfThisBook,
    NotStanding,
    TaskCannotMove,
    TaskNotice,
)
from services.membership.domain.profiles import Number

AREA = "410305001001"
ID = UUID(int=7)
JUNE = datetime(2019, 6, 8, tzinfo=UTC)


def entry(**changes: object) -> Entry:
    plain = Entry(
        entry_id=ID,
        book=Book.REGISTER,
        kind="press-item",
        area=AREA,
        label="全年刊登信息",
        occurred_at=JUNE,
    )
    return but(plain, **changes)


def but(plain: Entry, **changes: object) -> Entry:
    return plain.model_copy(update=changes)


FUND = entry(book=Book.FUND, kind="party-building", amount_fen=70_000_000)
TASK = entry(book=Book.TASK, kind="duty-list", state=TaskState.OPEN, due_on=date(2019, 12, 31))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (entry(amount_fen=1), "amount_fen"),
        (entry(due_on=date(2019, 12, 31)), "due_on"),
        (but(FUND, due_on=date(2019, 12, 31)), "due_on"),
        (but(FUND, subject_ids=(ID,)), "subject_ids"),
        (but(TASK, quantity=3), "quantity"),
    ],
)
def test_a_field_that_the_book_has_not_is_refused_by_name(wrong, field):
    with pytest.raises(NotOfThisBook) as refused:
        books.enter(wrong, frozenset({field}))
    assert refused.value.facts["field"] == field


def test_a_fund_without_an_amount_is_refused():
    with pytest.raises(AmountMissing):
        books.enter(but(FUND, amount_fen=0), frozenset())


def test_an_entry_is_announced_with_all_that_figures_need():
    event = books.enter(
        entry(quantity=30, bound=Bound.AT_LEAST, rank=Rank.CITY), frozenset({"quantity"})
    )
    assert (event.quantity, event.bound, event.rank) == (30, Bound.AT_LEAST, Rank.CITY)
    assert "label" not in event.model_dump()


def test_a_correction_says_what_to_take_back_and_an_equal_one_says_nothing():
    was = entry(quantity=30)
    event = books.correct(was, but(was, quantity=32), frozenset({"quantity"}))
    assert event is not None
    assert (event.was_quantity, event.quantity) == (30, 32)
    assert books.correct(was, but(was, label="别的名称"), frozenset({"label"})) is None


@pytest.mark.parametrize("closed", [{"ended_at": JUNE}, {"withdrawn_at": JUNE}])
def test_what_was_ended_or_withdrawn_stays_as_it_is(closed):
    gone = entry(duration=Duration.STANDING, **closed)
    for change in (
        lambda: books.correct(gone, gone, frozenset()),
        lambda: books.withdraw(gone, WithdrawReason.ENTERED_TWICE),
        lambda: books.end(gone, JUNE),
    ):
        with pytest.raises(EntryClosed):
            change()


def test_only_what_stands_can_be_ended_and_not_before_it_began():
    with pytest.raises(NotStanding):
        books.end(entry(), JUNE)
    standing = entry(duration=Duration.STANDING)
    assert books.end(standing, JUNE).entry_id == ID
    with pytest.raises(EndsBeforeItBegins):
        books.end(standing, JUNE - timedelta(seconds=1))


def test_a_move_says_from_where_to_where_and_a_wrong_one_which_field_is_wrong():
    event = books.move(TASK, TaskState.DONE)
    assert (event.was_state, event.state) == (TaskState.OPEN, TaskState.DONE)
    with pytest.raises(TaskCannotMove) as refused:
        books.move(but(TASK, state=TaskState.DROPPED), TaskState.DONE)
    assert (refused.value.facts["field"], refused.value.facts["value"]) == ("state", "done")


def test_only_tasks_have_a_state():
    with pytest.raises(NotOfThisBook):
        books.move(entry(), TaskState.DONE)


@pytest.mark.parametrize(("given_fen", "met"), [(4_999_999, False), (5_000_000, True)])
def test_the_minimum_is_met_from_its_last_fen_on(given_fen, met):
    assert FundMinimum(kinds=["work"], least_fen=5_000_000).met(given_fen) is met


def test_a_task_is_spoken_of_so_many_days_before_it_is_due():
    assert TaskNotice(days=7).last_day(date(2019, 12, 24)) == date(2019, 12, 31)


# Profile numbers


class Series:
    """A reader that only adds up changes, as a stock does."""

    def __init__(self) -> None:
        self.numbers: dict[int, Number] = {}
        self.changes: list[tuple[int, int]] = []

    def before(self, day: int) -> Number | None:
        earlier = [n for d, n in self.numbers.items() if d < day]
        return max(earlier, key=lambda n: n.day, default=None)

    def after(self, day: int) -> Number | None:
        later = [n for d, n in self.numbers.items() if d > day]
        return min(later, key=lambda n: n.day, default=None)

    def heard(self, day: int, event: ProfileEvent | None) -> None:
        """With what follows from it for the next number."""
        if event is not None:
            self.changes.append((day, event.change))
            after = self.after(day)
            if (rebased := profiles.rebase(after, event)) is not None and after is not None:
                self.changes.append((after.day.toordinal(), rebased.change))

    def shown(self, day: int) -> int:
        return sum(change for at, change in self.changes if at <= day)

    def valid(self, day: int) -> int:
        upto = [n for d, n in self.numbers.items() if d <= day]
        return max(upto, key=lambda n: n.day).quantity if upto else 0


FIRST = date(2019, 1, 1).toordinal()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["state", "correct", "withdraw"]),
        st.integers(FIRST, FIRST + 8),
        st.integers(0, 50),
    ),
    max_size=25,
)


@given(STEPS)
def test_adding_up_the_changes_shows_the_number_of_every_day_however_they_came(steps):
    series = Series()
    for what, day, quantity in steps:
        known = series.numbers.get(day)
        if what == "state" and known is None:
            number = Number(
                entry_id=UUID(int=day),
                area=AREA,
                kind="households",
                quantity=quantity,
                day=date.fromordinal(day),
                source="年报",
            )
            series.numbers[day] = number
            series.heard(day, profiles.state(number, series.before(day)))
        elif what == "correct" and known is not None:
            series.heard(day, profiles.correct(known, quantity))
            series.numbers[day] = known.model_copy(update={"quantity": quantity})
        elif what == "withdraw" and known is not None:
            series.heard(day, profiles.withdraw(known, series.before(day)))
            del series.numbers[day]
    for day in range(FIRST - 1, FIRST + 10):
        assert series.shown(day) == series.valid(day)
