"""Which areas a list may show: those asked for, cut to those granted."""

from contracts.access import Action
from contracts.areas import within
from services.chassis.auth import Principal


def areas_to_list(
    caller: Principal, asked: str | None, action: Action = Action.READ
) -> tuple[str, ...]:
    """The widest areas the caller may read and asked for; never empty.

    Raises `Forbidden` without the role at all, `OutOfScope` when what was asked lies outside.
    """
    granted = caller.areas(action)
    if not granted:
        caller.refuse(action)
    if asked is None:
        return granted
    inside = tuple(area for area in granted if within(area, asked))
    if inside and not any(within(asked, area) for area in granted):
        return inside
    caller.require(action, asked)
    return (asked,)


def widest(caller: Principal, action: Action) -> str:
    """The widest area in which the caller may do `action`: for what has no area of its own.

    Raises `Forbidden` without the role.
    """
    granted = caller.areas(action)
    if not granted:
        caller.refuse(action)
    return min(granted, key=lambda area: (len(area), area))
