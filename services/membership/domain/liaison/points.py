"""The rules of liaison points. Pure."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.areas import within
from contracts.membership.liaison import LiaisonPointChanged, LiaisonPointClosed, LiaisonPointOpened
from services.chassis.errors import Conflict, Invalid
from services.chassis.state import State


class Point(State):
    """`estate` is what the estate is called; figures are split by its code."""

    point_id: UUID
    code: str = Field(title="联络点代码")
    label: str = Field(title="名称")
    organisation_id: UUID = Field(title="负责党组织")
    area: str = Field(title="区划")
    estate_code: str | None = Field(title="小区代码")
    estate: str | None = Field(title="小区名称")
    artefacts: list[str] = Field(title="配备物件")
    opened_on: date = Field(title="设立日期")
    closed_on: date | None = Field(title="撤销日期")

    @property
    def estate_named(self) -> str | None:
        return self.estate or self.estate_code

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "point_id", "code", "organisation_id", "estate_code"}
        return self.model_dump(include=repeated)


class PointClosed(Conflict):
    code = "liaison-point-closed"
    title, title_zh = "The liaison point is closed", "联络点已撤销"


class NotYetOpen(Invalid):
    code = "liaison-point-not-open"
    title, title_zh = "The liaison point was not open yet", "联络点当时尚未设立"


class EndsBeforeStart(Invalid):
    code = "ends-before-start"
    title, title_zh = "It would end before it began", "结束早于开始"


class OutsideOrganisation(Invalid):
    code = "outside-organisation"
    title, title_zh = (
        "It lies outside the area of the organisation",
        "不在负责党组织的区划内",
    )


def open_point(point: Point, organisation_area: str) -> LiaisonPointOpened:
    """Raises `OutsideOrganisation`."""
    check_inside(point.area, organisation_area)
    artefact_count = len(point.artefacts)
    return LiaisonPointOpened(
        **point.facts(), opened_on=point.opened_on, artefact_count=artefact_count
    )


def change_point(was: Point, now: Point, organisation_area: str) -> LiaisonPointChanged | None:
    """`None` when nothing changes. Raises `PointClosed`, `OutsideOrganisation`."""
    check_open(was)
    if now == was:
        return None
    check_inside(now.area, organisation_area)
    return LiaisonPointChanged(
        **now.facts(),
        artefact_count=len(now.artefacts),
        was_organisation_id=was.organisation_id,
        was_estate_code=was.estate_code,
        was_area=was.area,
    )


def close_point(point: Point, on: date) -> LiaisonPointClosed:
    """Raises `PointClosed`, `EndsBeforeStart`."""
    check_open(point)
    check_order(point.opened_on, on, field="closed_on")
    return LiaisonPointClosed(**point.facts(), closed_on=on)


def check_open(point: Point, on: date | None = None) -> None:
    """Raises `PointClosed`, and for a day before it was opened `NotYetOpen`."""
    if on is not None and on < point.opened_on:
        raise NotYetOpen(
            f"{point.code} was opened on {point.opened_on}.",
            zh=f"{point.label}于 {point.opened_on} 设立，{on} 尚未启用。",
            field="point_id",
            opened_on=point.opened_on.isoformat(),
        )
    if point.closed_on is not None and (on is None or on > point.closed_on):
        raise PointClosed(
            f"{point.code} was closed on {point.closed_on}.",
            zh=f"{point.label}已于 {point.closed_on} 撤销。",
            closed_on=point.closed_on.isoformat(),
        )


def check_inside(area: str, organisation_area: str, *, field: str = "area") -> None:
    if not within(area, organisation_area):
        raise OutsideOrganisation(
            f"{area} does not lie in {organisation_area}.",
            zh=f"区划 {area} 不在负责党组织的区划 {organisation_area} 内。",
            field=field,
            value=area,
        )


def check_order(first: date, last: date, *, field: str) -> None:
    if last < first:
        raise EndsBeforeStart(
            f"It began on {first}; {last} is earlier.",
            zh=f"开始日期为 {first}，结束日期 {last} 更早。",
            field=field,
            value=last.isoformat(),
        )
