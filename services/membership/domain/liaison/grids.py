"""Members by grid, and the fifteen-minute service circle made of them. Pure."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaLevel, level_of, lineage
from contracts.kinds.members import HolderKind
from contracts.membership.liaison import GridResponderAssigned
from services.chassis.errors import Invalid
from services.chassis.state import State


class Responder(State):
    responder_id: UUID
    holder_id: UUID = Field(title="党员编号")
    holder_kind: HolderKind = Field(title="党员类别")
    area: str = Field(title="网格")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={*Responder.model_fields})


class NoGrid(Invalid):
    code = "not-a-grid"
    title, title_zh = "That is no grid", "不是网格"


def check_grid(area: str) -> None:
    if level_of(area) is not AreaLevel.GRID:
        raise NoGrid(
            f"{area} is not the 15-digit code of a grid.",
            zh=f"{area} 不是 15 位的网格代码。",
            field="area",
            value=area,
        )


def assign(responder: Responder) -> GridResponderAssigned:
    """Raises `NoGrid`: members are divided by grids (按网格划分), nothing wider."""
    check_grid(responder.area)
    return GridResponderAssigned(**responder.facts())


NEAR = frozenset({AreaLevel.GRID, AreaLevel.COMMUNITY, AreaLevel.STREET})


def around(grid: str) -> list[str]:
    """Where help is looked for: the grid itself, then its community, then its street."""
    return [area for area in reversed(lineage(grid)) if level_of(area) in NEAR]


def nearest(grid: str, peopled: Collection[str]) -> str | None:
    """The first of `around` in which somebody responds; `peopled` are those of them."""
    return next((area for area in around(grid) if area in peopled), None)
