"""What a kind of agreement asks of its signing, whatever a district wrote there; and the alarm."""

from datetime import date, timedelta

import pytest

from contracts.kinds.agreements import AgreementStatus, Side, SigningManner
from services.cobuilding.domain.agreements import running
from services.cobuilding.domain.agreements.signing import Formality
from tests.unit.cobuilding.build import LAST, TODAY, agreement


@pytest.mark.parametrize(
    ("traits", "asked"),
    [
        ({}, Formality(SigningManner.SEAL, None, two_clerks=False)),
        ({"signing": "both", "signs-first": "unit"}, Formality(SigningManner.BOTH, Side.UNIT)),
        ({"signing": "stamp", "signs-first": 3}, Formality(SigningManner.BOTH, None)),
        ({"signing": ["seal"], "two-clerks": True}, Formality(SigningManner.BOTH, None, True)),
    ],
)
def test_a_trait_that_is_no_manner_asks_for_all_of_it(traits, asked):
    assert Formality.of(traits) == asked


def test_in_force_it_looks_again_within_a_week_and_sooner_where_something_is_due():
    running_on = agreement(status=AgreementStatus.EFFECTIVE)
    week = TODAY + timedelta(days=7)
    assert running.wakes_on(running_on, [], TODAY) == week
    assert running.wakes_on(running_on, [date(2026, 3, 4)], TODAY) == date(2026, 3, 4)
    assert running.wakes_on(running_on, [], LAST - timedelta(days=1)) == running_on.over
    ended = agreement(status=AgreementStatus.EXPIRED)
    assert running.wakes_on(ended, [], TODAY) is None
