"""Which areas a list may show: those asked for, cut to those granted."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.areas import within
from services.chassis.auth import Principal
from services.chassis.database import execute


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


WIDEST = """
SELECT code FROM area WHERE length(code) = (SELECT min(length(code)) FROM area) ORDER BY code
"""
"""Every service that keeps standards keeps areas, too."""


async def widest_areas(session: AsyncSession) -> Sequence[str]:
    """The areas above all others of this deployment; what holds for all of it is theirs."""
    return list((await execute(session, WIDEST)).scalars())


async def over_all(session: AsyncSession, caller: Principal, action: Action) -> str:
    """The area of what holds for the whole deployment; the first of the widest there are.

    Raises `Forbidden` without the role, `OutOfScope` for whoever has it only below: a rule or a
    kind is everybody's. Before any area is registered, the caller's own widest one.
    """
    granted = caller.areas(action)
    if not granted:
        caller.refuse(action)
    areas = await widest_areas(session)
    for area in areas:
        caller.require(action, area)
    return areas[0] if areas else min(granted, key=lambda area: (len(area), area))
