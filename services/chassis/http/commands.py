"""Commands over HTTP: one unit of work, one Idempotency-Key, one answer, after the commit.

The route class opens the transaction, claims the key, runs the endpoint, keeps its answer beside
the effect, commits, and only then lets the answer go. FastAPI's own `yield` dependencies end after
the response: the client would read 200 although the commit then fails.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Coroutine
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from services.chassis import fingerprints, telemetry
from services.chassis.clock import occurred
from services.chassis.database import sqlstate
from services.chassis.errors import Invalid, Refusal
from services.chassis.event_log import Answer, Cause
from services.chassis.http.callers import caller_of
from services.chassis.http.context import context_of
from services.chassis.http.fields import Instant
from services.chassis.http.problems import RESPONSES
from services.chassis.http.versions import set_etag
from services.chassis.unit_of_work import Transaction, UnitOfWork, direct, unit_of_work

LONGEST_KEY = 200
EXCLUDED = "23P01"
"""An exclusion constraint: somebody else has it."""
KEY_HEADER = {"name": "idempotency-key", "in": "header"}
"""As OpenAPI says it; `description` completes it."""
KEPT_HEADERS = frozenset({b"etag", b"location", b"content-type"})

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

    def at(self, work: Transaction) -> datetime:
        """Business time of the command: what it states, else now. Raises `TimeInFuture`."""
        return occurred(self.occurred_at, work.now)

    def fields(self, *without: str) -> dict[str, Any]:
        """The command's own fields, `without` those that go elsewhere."""
        return self.model_dump(exclude={"occurred_at", *without})

    taken_away: ClassVar[Collection[str]] = ()
    """Fields that null empties; elsewhere null says nothing."""

    def changes(self) -> dict[str, Any]:
        """Of an edit: what it says of the fields."""
        emptied = dict.fromkeys(self.model_fields_set & {*self.taken_away})
        return emptied | self.model_dump(exclude={"occurred_at"}, exclude_none=True)


class TaggedRoute(APIRoute):
    """Sends the `ETag` of what it shows, where that has a version.

    An endpoint that takes the response itself says its own.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(path, _tagged(endpoint), **kwargs)


def _tagged(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    shape = signature(endpoint)
    if any(each.annotation is Response for each in shape.parameters.values()):
        return endpoint

    @wraps(endpoint)
    async def answer(*, response: Response, **parameters: Any) -> Any:
        shown = await endpoint(**parameters)
        if isinstance(version := getattr(shown, "version", None), int):
            set_etag(response, version)
        return shown

    named = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in shape.parameters.values()]
    named.append(Parameter("response", Parameter.KEYWORD_ONLY, annotation=Response))
    answer.__signature__ = shape.replace(parameters=named)  # type: ignore[attr-defined]
    return answer


class CommandRoute(TaggedRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        extra = {"openapi_extra": {"parameters": [KEY_HEADER]}}
        super().__init__(path, endpoint, **{**kwargs, **extra})

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint = super().get_route_handler()

        async def once(request: Request) -> Response:
            try:
                async with self.transaction(request) as work:
                    request.state.work = work
                    response = await endpoint(request)
                    work.answer = _answer(request, response)
            except Replay as replay:
                return replay.response
            return response

        async def answer(request: Request) -> Response:
            try:
                return await once(request)
            except Refusal as refusal:
                if not _unforeseen(refusal):
                    raise
            return await once(request)

        return answer

    def transaction(self, request: Request) -> AbstractAsyncContextManager[Transaction]:
        context = context_of(request)
        return unit_of_work(
            context.database.sessions, _cause(request), context.clock(), context.ring
        )


class DirectRoute(CommandRoute):
    def transaction(self, request: Request) -> AbstractAsyncContextManager[Transaction]:
        context = context_of(request)
        return direct(context.database.write_pool, _cause(request), context.clock(), context.ring)


def _unforeseen(refusal: Refusal) -> bool:
    """Whether a constraint refused what the snapshot did not show to be taken.

    Above READ COMMITTED a snapshot is older than the locks that were waited for. A new one shows
    what is in the way, so that a second run can refuse by name.
    """
    cause = refusal.__cause__
    return cause is not None and sqlstate(cause) == EXCLUDED


def _cause(request: Request) -> Cause:
    return Cause(request.state.correlation_id, None, telemetry.traceparent())


class Replay(Exception):
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def _claimed(request: Request) -> Transaction:
    """The transaction of this command, its key claimed first. Raises `Replay` for a repetition.

    What it reads it reads itself: FastAPI solves every dependency of a dependency once more.
    """
    principal = await caller_of(request)
    idempotency_key = request.headers.get("idempotency-key", "")
    if not 1 <= len(idempotency_key) <= LONGEST_KEY or not idempotency_key.isprintable():
        raise KeyMissing(
            "Send `Idempotency-Key`: 1 to 200 printable characters, fresh for each command.",
            zh="请在 Idempotency-Key 中提供 1 至 200 个可见字符，每个命令一个新值。",
            field="header.idempotency-key",
        )
    work: Transaction = request.state.work
    key = (principal.subject, idempotency_key)
    context = context_of(request)
    vault = context.vault if context.keeps_persons else None
    fingerprint = await _fingerprint(request)
    connection = await work.driver()
    if not await connection.fetchval(CLAIM, *key, fingerprints.kept(vault, *key, fingerprint)):
        known = await connection.fetchrow(RECALL, *key)
        if fingerprints.opened(vault, *key, known["fingerprint"]) != fingerprint:
            raise KeyReused(
                "This key belongs to a request with another address or body; use a fresh one.",
                zh="该 Idempotency-Key 属于内容不同的另一请求，请换用新值。",
                field="header.idempotency-key",
            )
        headers = {**json.loads(known["headers"]), "Idempotent-Replayed": "true"}
        raise Replay(Response(known["body"], known["status"], headers))
    request.state.idempotency = key
    return work


async def _fingerprint(request: Request) -> bytes:
    """Equal for requests that say the same, whatever the spacing and order of their JSON."""
    raw = await request.body()
    try:
        body = json.dumps(await request.json(), sort_keys=True).encode() if raw else b""
    except ValueError:
        body = raw
    digest = hashlib.sha256(f"{request.method} {request.scope['path']}\n".encode())
    digest.update(body)
    return digest.digest()


def _answer(request: Request, response: Response) -> Answer:
    kept = {k.decode(): v.decode() for k, v in response.raw_headers if k in KEPT_HEADERS}
    actor, key = request.state.idempotency
    return Answer(
        actor=actor,
        key=key,
        status=response.status_code,
        headers=json.dumps(kept),
        body=bytes(response.body).decode(),
    )


Work = Annotated[UnitOfWork, Depends(_claimed)]
"""The open unit of work of a command. Routes that take it belong on a `command_router`."""

DirectWork = Annotated[Transaction, Depends(_claimed)]
"""The open transaction of a command on a `command_router(route=DirectRoute)`."""


def command_router(*, tags: list[str], route: type[CommandRoute] = CommandRoute) -> APIRouter:
    """A router whose routes are commands: every refusal documented, `/v1` in front."""
    return APIRouter(
        prefix="/v1",
        tags=list(tags),
        route_class=route,
        responses=dict(RESPONSES),
    )


def query_router(*, tags: list[str]) -> APIRouter:
    """A router whose routes only look."""
    return APIRouter(
        prefix="/v1", tags=list(tags), route_class=TaggedRoute, responses=dict(RESPONSES)
    )
