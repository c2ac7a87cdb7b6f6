"""Identity numbers: check digit, birth date, and what a refusal does not say."""

from datetime import date

import pytest

from services.membership.domain.members.identity import (
    BirthDateDisagrees,
    IdentityNumberWrong,
    birth_date_in,
    birth_date_of,
    check_digit,
)

GOOD = "11010519491231002X"
"""The example of the standard itself."""


def test_the_example_of_the_standard_is_good():
    assert birth_date_of(GOOD) == date(1949, 12, 31)
    assert birth_date_of(" 110105 19491231 002x ") == date(1949, 12, 31)


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_digit_is_seen_wherever_it_is(place):
    wrong = GOOD[:place] + str((int(GOOD[place]) + 1) % 10) + GOOD[place + 1 :]

    with pytest.raises(IdentityNumberWrong) as refused:
        birth_date_of(wrong)
    assert wrong not in refused.value.detail + str(refused.value.zh) + str(refused.value.facts)


@pytest.mark.parametrize("place", [n for n in range(16) if GOOD[n] != GOOD[n + 1]])
def test_two_neighbours_changed_over_are_seen(place):
    swapped = GOOD[:place] + GOOD[place + 1] + GOOD[place] + GOOD[place + 2 :]

    with pytest.raises(IdentityNumberWrong):
        birth_date_of(swapped)


@pytest.mark.parametrize("number", ["", "1101051949123100", GOOD + "1", "X" * 18, "一" * 18])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(IdentityNumberWrong):
        birth_date_of(number)


@pytest.mark.parametrize("day", ["19490230", "19491301", "00000000"])
def test_a_date_that_never_was_is_refused_even_with_a_fitting_check_digit(day):
    first = f"110105{day}002"

    with pytest.raises(IdentityNumberWrong):
        birth_date_of(first + check_digit(first))


def test_the_birth_date_comes_from_either_and_must_agree():
    assert birth_date_in({"birth_date": "1980-01-01"}) == date(1980, 1, 1)
    assert birth_date_in({"identity_number": GOOD}) == date(1949, 12, 31)
    assert birth_date_in({"name": "测试甲"}) is None
    with pytest.raises(BirthDateDisagrees):
        birth_date_in({"identity_number": GOOD, "birth_date": "1949-12-30"})
