"""Calendars as files: with a token, or by the secret address that a calendar client keeps."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response

from contracts.access import Action
from contracts.areas import within
from contracts.kinds.feeds import FeedScope
from services.bases.domain.feeds.keys import FeedEnded, hashed, refuse
from services.bases.domain.feeds.terms import FeedTerms
from services.bases.handlers import feeds as handlers
from services.bases.handlers.feeds import Calendar
from services.bases.tables import bookings
from services.bases.tables.feeds import items, keys
from services.chassis import rulebook
from services.chassis.auth import Principal
from services.chassis.clock import business_date
from services.chassis.errors import NotFound
from services.chassis.http import Caller, Context
from services.chassis.http.context import ServiceContext
from services.chassis.http.problems import RESPONSES, documented

ICS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {}}, "description": "iCalendar, RFC 5545"},
    304: {"description": "The client has it already"},
}
KEYED: dict[int | str, dict[str, Any]] = {
    404: RESPONSES[404],
    410: documented("Revoked or expired"),
    422: RESPONSES[422],
    429: documented("Fetched too often; see Retry-After"),
    503: RESPONSES[503],
}

queries = APIRouter(prefix="/v1", tags=["日历订阅"], responses=dict(RESPONSES))
keyed = APIRouter(tags=["日历订阅"], responses=dict(KEYED))

IfNoneMatch = Annotated[str | None, Header()]
Secret = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{22,86}$")]


@queries.get("/bases/{base_id}/calendar.ics", summary="基地日历", response_class=Response,
             responses=ICS)  # fmt: skip
async def base_calendar(
    base_id: UUID, context: Context, caller: Caller, if_none_match: IfNoneMatch = None
) -> Response:
    """Bookings, closures and sessions of courses at all its venues."""
    return await _of(FeedScope.BASE, base_id, context, caller, if_none_match)


@queries.get("/venues/{venue_id}/calendar.ics", summary="场馆日历", response_class=Response,
             responses=ICS)  # fmt: skip
async def venue_calendar(
    venue_id: UUID, context: Context, caller: Caller, if_none_match: IfNoneMatch = None
) -> Response:
    """Closures of its whole base included."""
    return await _of(FeedScope.VENUE, venue_id, context, caller, if_none_match)


@queries.get("/organisations/{organisation_id}/calendar.ics", summary="来访单位日历",
             response_class=Response, responses=ICS)  # fmt: skip
async def organisation_calendar(
    organisation_id: UUID, context: Context, caller: Caller, if_none_match: IfNoneMatch = None
) -> Response:
    """Its bookings at any base."""
    return await _of(FeedScope.ORGANISATION, organisation_id, context, caller, if_none_match)


@queries.get("/lecturers/{lecturer_id}/calendar.ics", summary="讲师日历", response_class=Response,
             responses=ICS)  # fmt: skip
async def lecturer_calendar(
    lecturer_id: UUID, context: Context, caller: Caller, if_none_match: IfNoneMatch = None
) -> Response:
    """Assignments and shifts; of those in areas the caller may not read, only that they are."""
    return await _of(FeedScope.LECTURER, lecturer_id, context, caller, if_none_match)


@queries.get("/bookings/{booking_id}/invitation.ics", summary="预约日程邀请",
             response_class=Response, responses=ICS)  # fmt: skip
async def invitation(
    booking_id: UUID, context: Context, caller: Caller, if_none_match: IfNoneMatch = None
) -> Response:
    """`METHOD:REQUEST`, or `METHOD:CANCEL` once it is off; sending it is the caller's matter."""
    from services.bases.domain.feeds import ics  # noqa: PLC0415  icalendar is slow to import

    async with context.database.pool.acquire() as connection:
        item = await items.booked(connection, booking_id)
    async with context.database.sessions() as session:
        visitors = await bookings.visitors_of(session, item.organisation_id)
    if visitors is None or not _reads(caller.areas(Action.READ), visitors.area):
        caller.require(Action.READ, item.area)
    tag = f'"{ics.digest([item], "invitation")}"'
    if _known(tag, if_none_match):
        return _unchanged(tag)
    media_type = f"{ics.MEDIA_TYPE}; method={ics.method_of(item)}"
    return _file(ics.invitation(item), tag, media_type, "invitation.ics")


@keyed.get("/feeds/{secret}.ics", summary="订阅日历", response_class=Response, responses=ICS)
async def subscribed(
    secret: Secret, context: Context, if_none_match: IfNoneMatch = None
) -> Response:
    """Needs no token: the address is the key."""
    terms, now, digest = await _terms(context), context.clock(), hashed(secret)
    async with context.database.pool.acquire() as connection:
        key = await keys.opened(connection, digest, now, terms.fetches_an_hour)
        if key is None:
            known = await keys.why_not(connection, digest)
            if known is not None:
                refuse(known, now)
            raise NotFound("No such feed address.", zh="没有该订阅地址。")
        whose = await items.subject(connection, FeedScope(key["scope"]), key["subject_id"])
        if not _reads(key["areas"], whose.area):
            raise FeedEnded("It moved out of its maker's areas.", zh="已不在开通人的授权区划内。")
        found = await handlers.calendar(connection, whose, key["areas"], terms, now)
    return await _answer(found, if_none_match)


async def _of(
    scope: FeedScope,
    subject_id: UUID,
    context: ServiceContext,
    caller: Principal,
    if_none_match: str | None,
) -> Response:
    terms = await _terms(context)
    async with context.database.pool.acquire() as connection:
        whose = await items.subject(connection, scope, subject_id)
        caller.require(Action.READ, whose.area)
        areas = caller.areas(Action.READ)
        found = await handlers.calendar(connection, whose, areas, terms, context.clock())
    return await _answer(found, if_none_match)


async def _terms(context: ServiceContext) -> FeedTerms:
    async with context.database.sessions() as session:
        book = await rulebook.at(session, business_date(context.clock()), FeedTerms)
    return book[FeedTerms]


async def _answer(found: Calendar, if_none_match: str | None) -> Response:
    """Written in a thread: two thousand items take half a second."""
    from services.bases.domain.feeds import ics  # noqa: PLC0415  icalendar is slow to import

    name, refresh = found.whose.name, timedelta(minutes=found.terms.refresh_minutes)
    about = f"日程过多，仅含最近的 {found.terms.most_items} 项。" if found.cut else ""
    tag = f'"{ics.digest(found.items, name, about, refresh)}"'
    if _known(tag, if_none_match):
        return _unchanged(tag)
    body = await asyncio.to_thread(
        ics.published, found.items, name=name, about=about, refresh=refresh
    )
    return _file(body, tag, ics.MEDIA_TYPE, "calendar.ics")


def _reads(areas: Sequence[str], area: str) -> bool:
    return any(within(area, granted) for granted in areas)


def _known(tag: str, if_none_match: str | None) -> bool:
    """RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`."""
    given = [each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")]
    return tag in given or given == ["*"]


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers=_headers(tag))


def _file(body: bytes, tag: str, media_type: str, name: str) -> Response:
    named = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(body, media_type=media_type, headers=_headers(tag) | named)
