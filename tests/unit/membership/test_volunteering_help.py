"""Rules of help files, pairs and wishes, on both sides of every boundary."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import HelpFileEnd, PairMode, WishStatus
from services.chassis.rules import Book
from services.membership.domain.volunteering import help as domain
from services.membership.domain.volunteering import wishes
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import (
    HelpCadence,
    HelperLoad,
    HelperPlaces,
    HelpFileTerm,
    HelpMeasures,
)

TODAY = date(2019, 6, 3)
AT = datetime(2019, 6, 3, 1, 0, tzinfo=UTC)
BOOK = Book.of(
    HelperPlaces(most=5),
    HelperLoad(most=3),
    HelpFileTerm(days=365, remind_days=30),
    HelpCadence(days={"first": 15}),
    HelpMeasures(measures={"third": ("visit", "call")}),
)
FILE = domain.HelpFile(
    file_id=UUID(int=1),
    code="MQ-1",
    organisation_id=UUID(int=2),
    area="410305001001",
    grade="first",
    difficulty="empty-nest",
    opened_on=TODAY,
    consented_on=TODAY,
    expires_on=date(2020, 6, 2),
    helpers=0,
    visited_on=None,
    visit_by=None,
    ended=None,
    ended_on=None,
)


def helper(n: int) -> Holder:
    return Holder(UUID(int=100 + n), HolderKind.MEMBER)


def paired(n: int, place: int, mode: PairMode = PairMode.FIVE_TO_ONE, load: int = 1) -> domain.Pair:
    return domain.Pair(
        file_id=FILE.file_id,
        mode=mode,
        place=place,
        load_place=load,
        paired_on=TODAY,
        **vars(helper(n)),
    )


def pair(
    of_file: list[domain.Pair],
    of_holder: list[domain.Pair] | None = None,
    mode: PairMode = PairMode.FIVE_TO_ONE,
    book: Book = BOOK,
) -> domain.Pair:
    return domain.pair(
        FILE, helper(99), mode, book, on=TODAY, of_file=of_file, of_holder=of_holder or []
    )[1]


# Consent and term


def good_until(reference: str | None, given_on: date | None, on: date = TODAY) -> date:
    return domain.agree(reference, given_on, BOOK, on).expires_on


@pytest.mark.parametrize(
    ("reference", "given_on"),
    [(None, TODAY), ("", TODAY), ("TY-1", None), ("TY-1", TODAY + timedelta(days=1))],
)
def test_without_a_paper_and_its_day_there_is_no_file(reference, given_on):
    with pytest.raises(domain.ConsentMissing):
        good_until(reference, given_on)


def test_a_file_ends_a_term_after_the_consent_whenever_it_was_opened():
    given_on = date(2019, 6, 1)
    assert good_until("TY-1", given_on) == date(2020, 5, 31)
    assert good_until("TY-1", given_on, on=date(2020, 5, 30)) == date(2020, 5, 31)
    with pytest.raises(domain.ConsentTooOld):
        good_until("TY-1", given_on, on=date(2020, 5, 31))


def test_a_closed_file_takes_nothing_more():
    closed = FILE.model_copy(update={"ended": HelpFileEnd.EXPIRED})
    for act in (
        lambda: domain.regrade(closed, closed),
        lambda: domain.renew(closed, None, None, BOOK, TODAY),
        lambda: domain.close_file(closed, HelpFileEnd.SETTLED),
        lambda: domain.unpair(closed, paired(1, 1)),
        lambda: domain.visit(closed, paired(1, 1), UUID(int=3), ["visit"], BOOK),
    ):
        with pytest.raises(domain.FileClosed):
            act()


# Places


def test_the_fifth_helper_is_taken_and_the_sixth_refused():
    assert pair([paired(n, n) for n in range(1, 5)]).place == 5
    with pytest.raises(domain.HelpersComplete) as refused:
        pair([paired(n, n) for n in range(1, 6)])
    assert refused.value.facts["most"] == 5


def test_a_place_that_was_left_is_given_again():
    assert pair([paired(1, 1), paired(3, 3)]).place == 2


def test_a_stricter_rule_takes_nobody_away_and_lets_nobody_in():
    strict = Book.of(HelperPlaces(most=2), HelperLoad(most=3))
    with pytest.raises(domain.HelpersComplete):
        pair([paired(n, n) for n in range(2, 5)], book=strict)


def test_the_third_household_is_taken_and_the_fourth_refused():
    assert pair([], [paired(99, 1, load=n) for n in (1, 2)]).load_place == 3
    with pytest.raises(domain.HelperFullyLoaded):
        pair([], [paired(99, 1, load=n) for n in (1, 2, 3)])


def test_one_to_one_means_it_on_both_sides():
    alone = PairMode.ONE_TO_ONE
    assert pair([], mode=alone).place == 1
    with pytest.raises(domain.HelpersComplete):
        pair([paired(1, 1)], mode=alone)
    with pytest.raises(domain.HelpersComplete):
        pair([paired(1, 1, alone)])
    with pytest.raises(domain.HelperFullyLoaded):
        pair([], [paired(99, 1)], mode=alone)
    with pytest.raises(domain.HelperFullyLoaded):
        pair([], [paired(99, 1, alone)])


def test_a_pair_is_made_once():
    with pytest.raises(domain.AlreadyPaired):
        domain.pair(
            FILE,
            helper(1),
            PairMode.FIVE_TO_ONE,
            BOOK,
            on=TODAY,
            of_file=[paired(1, 1)],
            of_holder=[paired(1, 1)],
        )


# Visits


def test_measures_are_those_of_the_grade_and_any_where_the_rule_says_nothing():
    third = FILE.model_copy(update={"grade": "third"})
    known = paired(1, 1)
    assert domain.visit(third, known, UUID(int=3), ["visit", "call"], BOOK).measure_codes
    assert domain.visit(FILE, known, UUID(int=3), ["goods"], BOOK).measure_codes == ("goods",)
    with pytest.raises(domain.MeasureNotForGrade) as refused:
        domain.visit(third, known, UUID(int=3), ["visit", "goods"], BOOK)
    assert refused.value.facts["known"] == ["visit", "call"]


def test_the_next_visit_follows_the_grade():
    assert domain.next_visit("first", TODAY, BOOK) == date(2019, 6, 18)
    assert domain.next_visit("unheard-of", TODAY, BOOK) is None


# Wishes

WISH = wishes.Wish(
    wish_id=UUID(int=1),
    wish_kind="goods",
    difficulty="disabled",
    organisation_id=UUID(int=2),
    area="410305001001",
    status=WishStatus.COLLECTED,
    collected_at=AT,
    expires_on=TODAY + timedelta(days=90),
)
CLAIMED = WISH.model_copy(update={"status": WishStatus.CLAIMED})
CLAIM = wishes.Claim(helper(1), AT)


def test_a_wish_is_claimed_until_the_day_before_it_expires():
    last = WISH.model_copy(update={"expires_on": TODAY + timedelta(days=1)})
    expired = WISH.model_copy(update={"expires_on": TODAY})
    assert wishes.claim(last, helper(1), AT).holder_id == helper(1).holder_id
    with pytest.raises(wishes.WishClosed):
        wishes.claim(expired, helper(1), AT)


def test_a_release_says_whose_claim_it_was_and_since_when():
    event = wishes.release(CLAIMED, CLAIM, AT)
    assert (event.holder_id, event.claimed_at) == (helper(1).holder_id, AT)
