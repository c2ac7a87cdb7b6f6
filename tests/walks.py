"""A promise made for all of a sort is one test: it walks them all and names each that breaks it."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

import pytest

Test = Callable[..., None]


def over(things: Mapping[str, Any] | Iterable[str]) -> Callable[[Test], Test]:
    """The test looks at one of `things`, its first parameter; the others are fixtures.

    Things that are their own names come without a mapping. A walk over nothing fails.
    """
    named = things if isinstance(things, Mapping) else {thing: thing for thing in things}

    def walking(test: Test) -> Test:
        _, *fixtures = inspect.signature(test).parameters.values()

        @wraps(test)
        def walk(**given: Any) -> None:
            assert named, "there is nothing to look at"
            broken: dict[str, BaseException] = {}
            for name, thing in named.items():
                try:
                    test(thing, **given)
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  told below
                    broken[name] = error
            if broken:
                told = "".join(f"\n{name}: {error}" for name, error in broken.items())
                raise AssertionError(f"{len(broken)} of {len(named)}:{told}") from broken.popitem()[
                    1
                ]

        walk.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]  # of pytest
        return walk

    return walking
