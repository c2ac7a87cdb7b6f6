"""The walk of tests over many things: it must be able to fail, and name each that does."""

import pytest

from tests import walks


def test_all_that_break_the_promise_are_named_with_what_is_wrong(capsys):
    @walks.over({"one": 1, "two": 2, "three": 3})
    def promise(number, capsys):
        assert number != 2, "is two"
        with pytest.raises(ZeroDivisionError):
            1 / (number - 1)

    with pytest.raises(AssertionError) as told:
        promise(capsys=capsys)

    says = str(told.value)
    assert says.startswith("2 of 3:\ntwo: is two")
    assert "\nthree: DID NOT RAISE" in says
    assert "one" not in says


def test_a_walk_over_nothing_shows_nothing():
    @walks.over([])
    def promise(_):
        """Keeps itself."""

    with pytest.raises(AssertionError, match="nothing to look at"):
        promise()
