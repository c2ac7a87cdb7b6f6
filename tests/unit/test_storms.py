"""Storms in proportion: they must be able to fail, and be no longer than the race took."""

import pytest

from tests import storms


async def test_a_race_that_never_happens_unguarded_is_a_failure_and_says_so():
    async def never(_: int) -> int:
        return 0

    with pytest.raises(AssertionError, match="in 100 rounds without guards"):
        await storms.until_seen("none", never)


async def test_the_guarded_half_takes_as_many_rounds_as_the_race_took(monkeypatch):
    async def every_second_time(number: int) -> int:
        return number % 2

    await storms.until_seen("rare", every_second_time)

    monkeypatch.setattr(storms, "LONG", False)
    assert storms.rounds("rare", at_length=60) == 20
    assert storms.rounds("not run here", at_length=60) == storms.SEEN
    monkeypatch.setattr(storms, "LONG", True)
    assert storms.rounds("rare", at_length=60) == 60
