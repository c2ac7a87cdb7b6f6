"""What operators ask a process: does it live, is it ready, how is it doing."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from contracts.access import Action
from contracts.event import Envelope
from services.chassis import event_log, relay, telemetry
from services.chassis.errors import NotFound
from services.chassis.health import Health
from services.chassis.http.callers import Caller
from services.chassis.http.context import Context
from services.chassis.http.problems import RESPONSES

operations = APIRouter(tags=["运维"])


class PartState(BaseModel):
    ok: bool
    detail: str
    since: datetime


class Readiness(BaseModel):
    ready: bool
    draining: bool
    parts: dict[str, PartState]


Check = Callable[[Health], Awaitable[None]]


@operations.get("/healthz", summary="存活：事件循环与工作者的心跳")
async def healthz(context: Context) -> Response:
    """Never looks at dependencies: restarting us does not repair them."""
    hung = context.health.hung
    return JSONResponse({"alive": not hung, "hung": hung}, 503 if hung else 200)


@operations.get(
    "/readyz",
    summary="就绪：各部分是否可用",
    response_model=Readiness,
    responses={422: RESPONSES[422]},
)
async def readyz(
    context: Context,
    request: Request,
    part: Annotated[list[str] | None, Query(description="Only these parts count.")] = None,
) -> Response:
    """Whole by default. A load balancer asks for `?part=database`: without the broker bookings go
    on, so its absence must not take the service out of traffic.
    """
    check: Check = request.app.state.check
    await check(context.health)
    health = context.health
    asked = part or list(health.parts)
    parts = {n: PartState(**vars(p)) for n, p in health.parts.items() if n in asked}
    ready = not health.draining and all(n in parts and parts[n].ok for n in asked)
    body = Readiness(ready=ready, draining=health.draining, parts=parts)
    return JSONResponse(body.model_dump(mode="json"), 200 if ready else 503)


@operations.get("/metrics", summary="Prometheus 指标")
async def metrics(context: Context) -> Response:
    if context.has_database:
        depth, age = await relay.backlog(context.database.pool)
        telemetry.OUTBOX_PENDING.set(depth)
        telemetry.OUTBOX_AGE.set(age)
        parked = await context.database.pool.fetchval("SELECT count(*) FROM parked")
        telemetry.PARKED.set(parked)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


tracing = APIRouter(prefix="/v1", tags=["溯源"], responses=dict(RESPONSES))


@tracing.get("/events/{event_id}", summary="按编号查事件原文")
async def event(event_id: UUID, context: Context, caller: Caller) -> Envelope:
    """The event as it was published, out of the permanent log: where every figure ends."""
    found = await event_log.find(context.database.pool, event_id)
    if found is None:
        raise NotFound(f"No event {event_id}.", zh="没有该编号的事件。")
    caller.require(Action.READ_EVENTS, str(found.data["area"]))
    return found
