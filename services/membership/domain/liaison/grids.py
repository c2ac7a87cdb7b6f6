"""Members by grid, and the fifteen-minute service circle made of them. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.areas import AreaLevel, level_of, lineage
from contracts.membership.liaison import GridResponderAssigned, GridResponderReleased
from services.chassis.errors import Conflict, Invalid
from services.membership.domain.liaison.rotation import Holder


@dataclass(frozen=True, kw_only=True)
class Responder:
    responder_id: UUID
    holder: Holder
    area: str


class NoGrid(Invalid):
    code = "not-a-grid"
    title, title_zh = "That is no grid", "不是网格"


class HasGrid(Conflict):
    code = "has-a-grid"
    title, title_zh = "Somebody belongs to one grid at a time", "同一人同时只能编入一个网格"


def assign(responder: Responder) -> GridResponderAssigned:
    """Raises `NoGrid`: members are divided by grids (按网格划分), nothing wider."""
    if level_of(responder.area) is not AreaLevel.GRID:
        raise NoGrid(
            f"{responder.area} is not the 15-digit code of a grid.",
            zh=f"{responder.area} 不是 15 位的网格代码。",
            field="area",
            value=responder.area,
        )
    return GridResponderAssigned(**_said(responder))


def release(responder: Responder) -> GridResponderReleased:
    return GridResponderReleased(**_said(responder))


def nearest(grid: str, peopled: Collection[str]) -> str | None:
    """Where help is nearest: the grid itself, else its community, else its street.

    `peopled` are the areas in which somebody responds, each with all that contain it.
    """
    near = [area for area in reversed(lineage(grid)) if level_of(area) in NEAR]
    return next((area for area in near if area in peopled), None)


NEAR = frozenset({AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET})


def _said(responder: Responder) -> dict[str, Any]:
    return {
        "area": responder.area,
        "responder_id": responder.responder_id,
        "holder_id": responder.holder.holder_id,
        "holder_kind": responder.holder.kind,
    }
