"""The rules of liaison points. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from contracts.areas import within
from contracts.membership.liaison import (
    LiaisonPointChanged,
    LiaisonPointClosed,
    LiaisonPointOpened,
)
from services.chassis.errors import Conflict, Invalid


@dataclass(frozen=True, kw_only=True)
class Point:
    """`estate` is what the estate is called; figures are split by its code."""

    point_id: UUID
    code: str
    label: str
    organisation_id: UUID
    area: str
    estate_code: str | None = None
    estate: str | None = None
    artefacts: Sequence[str] = ()
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ChangePoint:
    """What is in `given` replaces what was."""

    given: dict[str, Any] = field(default_factory=dict)


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
    return LiaisonPointOpened(
        area=point.area,
        point_id=point.point_id,
        code=point.code,
        organisation_id=point.organisation_id,
        estate_code=point.estate_code,
        opened_on=point.opened_on,
        artefact_count=len(point.artefacts),
    )


def change_point(
    command: ChangePoint, current: Point, organisation_area: str
) -> tuple[Point, LiaisonPointChanged] | None:
    """The point as it will be; `None` when nothing changes. Raises `PointClosed`."""
    check_open(current)
    changed = replace(current, **command.given)
    if changed == current:
        return None
    check_inside(changed.area, organisation_area)
    return changed, LiaisonPointChanged(
        area=changed.area,
        point_id=changed.point_id,
        code=changed.code,
        organisation_id=changed.organisation_id,
        estate_code=changed.estate_code,
        artefact_count=len(changed.artefacts),
        was_organisation_id=current.organisation_id,
        was_estate_code=current.estate_code,
        was_area=current.area,
    )


def close_point(point: Point, on: date) -> LiaisonPointClosed:
    """Raises `PointClosed`, `EndsBeforeStart`."""
    check_open(point)
    check_order(point.opened_on, on, field="closed_on")
    return LiaisonPointClosed(
        area=point.area,
        point_id=point.point_id,
        code=point.code,
        organisation_id=point.organisation_id,
        estate_code=point.estate_code,
        closed_on=on,
    )


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
