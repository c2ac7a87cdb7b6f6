"""Commands over HTTP: one unit of work, one Idempotency-Key, one answer, after the commit.

The route class opens the transaction, claims the key, runs the endpoint, keeps its answer beside
the effect, commits, and only then lets the answer go. FastAPI's own `yield` dependencies end after
the response: the client would read 200 although the commit then fails.
"""

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from services.chassis import telemetry
from services.chassis.errors import Invalid
from services.chassis.event_log import Answer, Cause
from services.chassis.http.callers import Caller
from services.chassis.http.context import context_of
from services.chassis.http.fields import Instant
from services.chassis.http.problems import RESPONSES
from services.chassis.unit_of_work import UnitOfWork, unit_of_work

KEPT_HEADERS = ("etag", "location", "content-type")

CLAIM = """
INSERT INTO idempotency (actor, key, fingerprint) VALUES ($1, $2, $3)
ON CONFLICT (actor, key) DO NOTHING RETURNING true
"""
RECALL = """
SELECT fingerprint, status, headers::text, body FROM idempotency WHERE actor = $1 AND key = $2
"""


class KeyReused(Invalid):
    code = "idempotency-key-reused"
    title = "The Idempotency-Key was used for another request"
    title_zh = "Idempotency-Key 已用于另一请求"


class KeyMissing(Invalid):
    code = "idempotency-key-missing"
    title, title_zh = "A command needs an Idempotency-Key", "命令缺少 Idempotency-Key"


class Timed(BaseModel):
    """Body of a command. Unknown fields are refused, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid")

    occurred_at: Instant | None = Field(
        default=None,
        title="发生时刻",
        description="When it happened, for what is entered afterwards (补录); else now.",
    )


class CommandRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = super().get_route_handler()

        async def run(request: Request) -> Response:
            context = context_of(request)
            cause = Cause(request.state.correlation_id, None, telemetry.traceparent())
            async with unit_of_work(
                context.database.sessions, cause, context.clock(), context.ring
            ) as uow:
                request.state.uow = uow
                response = await endpoint(request)
                uow.answer = _answer(request, response)
            return response

        async def answer(request: Request) -> Response:
            try:
                return await run(request)
            except Replay as replay:
                return replay.response

        return answer


class Replay(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def _claimed(
    request: Request,
    principal: Caller,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            description="The same key with the same request gives the same answer, once.",
        ),
    ] = None,
) -> UnitOfWork:
    """The unit of work of this command, its key claimed first. Raises `Replay` for a repetition."""
    if not idempotency_key or not idempotency_key.isprintable():
        raise KeyMissing(
            "Send `Idempotency-Key`: 1 to 200 printable characters, fresh for each command.",
            zh="请在 Idempotency-Key 中提供 1 至 200 个可见字符，每个命令一个新值。",
            field="header.idempotency-key",
        )
    uow = cast("UnitOfWork", request.state.uow)
    key = (principal.subject, idempotency_key)
    fingerprint = await _fingerprint(request)
    connection = await uow.session.connection()
    claimed = await connection.exec_driver_sql(CLAIM, (*key, fingerprint))
    if claimed.first() is None:
        known = (await connection.exec_driver_sql(RECALL, key)).one()
        if known.fingerprint != fingerprint:
            raise KeyReused(
                "This key belongs to a request with another address or body; use a fresh one.",
                zh="该 Idempotency-Key 属于内容不同的另一请求，请换用新值。",
                field="header.idempotency-key",
            )
        headers = {**json.loads(known.headers), "Idempotent-Replayed": "true"}
        raise Replay(Response(known.body, known.status, headers))
    request.state.idempotency = key
    return uow


async def _fingerprint(request: Request) -> bytes:
    """Equal for requests that say the same, whatever the spacing and order of their JSON."""
    raw = await request.body()
    try:
        body = json.dumps(json.loads(raw), sort_keys=True).encode() if raw else b""
    except ValueError:
        body = raw
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    digest.update(body)
    return digest.digest()


def _answer(request: Request, response: Response) -> Answer:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    actor, key = request.state.idempotency
    return Answer(
        actor=actor,
        key=key,
        status=response.status_code,
        headers=json.dumps(kept),
        body=bytes(response.body).decode(),
    )


Work = Annotated[UnitOfWork, Depends(_claimed)]
"""The open transaction of a command. Routes that take it belong on a `command_router`."""


def command_router(*, tags: list[str]) -> APIRouter:
    """A router whose routes are commands: every refusal documented, `/v1` in front."""
    return APIRouter(
        prefix="/v1",
        tags=list(tags),
        route_class=CommandRoute,
        responses=dict(RESPONSES),
    )
