"""All commands and questions that are about a row by `held` or `seen`, in one walk.

An unknown id, a right elsewhere, no right at all, no version and an old one, and the answer that
was given before: whoever declares what a route is about has all of it.
"""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import inspect
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import ROLES, Action
from services.chassis import fingerprints
from services.chassis.http.commands import CommandRoute, command_router, query_router
from services.chassis.http.context import Context
from services.chassis.http.held import About, about, held, seen
from services.chassis.http.parameters import dependencies_of
from services.membership.app import SERVICE as MEMBERSHIP
from services.membership.tables import organisations
from services.membership.tables.volunteering.rows import WishRow
from tests.conftest import Scene, Start
from tests.service.planting import AREA, Garden, filled

ELSEWHERE = "410306"
AT_LEAST = {"membership": 118, "bases": 90, "cobuilding": 15, "probe": 3}
"""So many routes are about a row by `held` or `seen`: the walk has something to walk."""

commands, queries = command_router(tags=["probe"]), query_router(tags=["probe"])


async def _where_its_organisation_lies(session: AsyncSession, wish: WishRow) -> str:
    return (await organisations.organisation(session, wish.organisation_id)).area


ELSE = {"key": "the_wish", "area": _where_its_organisation_lies}
Edited = Annotated[WishRow, held(WishRow, "微心愿", Action.MANAGE_SERVICE, edit=True, **ELSE)]
Unlocked = Annotated[WishRow, held(WishRow, "微心愿", Action.MANAGE_SERVICE, lock=False)]
Seen = Annotated[WishRow, seen(WishRow, "微心愿", Action.READ_PERSONAL, **ELSE)]


FREE = "SELECT true FROM wish WHERE wish_id = $1 FOR UPDATE SKIP LOCKED"


@commands.patch("/probes/{the_wish}")
async def edit(wish: Edited, context: Context) -> bool | None:
    return await context.database.pool.fetchval(FREE, wish.wish_id)


@commands.post("/probes/{wish_id}")
async def act(wish: Unlocked, context: Context) -> bool | None:
    return await context.database.pool.fetchval(FREE, wish.wish_id)


@queries.get("/probes/{the_wish}")
async def look(wish: Seen) -> UUID:
    return wish.wish_id


PROBE = replace(MEMBERSHIP, routers=(commands, queries))
"""Whatever `held` can do, on rows of membership, before any room does it."""


@dataclass(frozen=True)
class Asked:
    """A route, and one of the rows that it is about."""

    method: str
    path: str
    route: APIRoute
    about: About[Any]
    beside: tuple[About[Any], ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.about.zh})"


def asked(app: FastAPI) -> Iterator[Asked]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            rows = tuple(
                filter(None, (about(each.call) for each in dependencies_of(route.dependant)))
            )
            for row in rows:
                yield Asked(next(iter(route.methods)), str(context.path), route, row, rows)


def _column(row: About[Any]) -> str:
    return str(inspect(row.table).primary_key[0].name)


def _roles(action: Action, *, able: bool = True) -> list[str]:
    return [role for role, may in ROLES.items() if (action in may) is able]


class Office:
    def __init__(self, scene: Scene, client: httpx.AsyncClient, garden: Garden) -> None:
        self.scene, self.client, self.garden = scene, client, garden

    def headers(self, roles: list[str], area: str = AREA, **more: str) -> dict[str, str]:
        token = self.scene.issuer.token(grants=[{"role": role, "area": area} for role in roles])
        return {**self.scene.headers(), "Authorization": f"Bearer {token}", **more}

    async def send(self, case: Asked, keys: dict[str, Any], headers: dict[str, str]) -> Any:
        return await self.client.request(case.method, filled(case.path, **keys), headers=headers)

    async def faults(self, case: Asked) -> list[str]:
        rows = {row.key: await self.garden.plant(row.table.__table__) for row in case.beside}
        keys = {row.key: rows[row.key][_column(row)] for row in case.beside}
        match = {"If-Match": f'"{rows[case.about.key].get(case.about.version, 1)}"'}
        allowed = [_roles(row.action)[0] for row in case.beside]
        without = _roles(case.about.action, able=False)[:1]
        faults = []

        async def check(what: str, wanted: tuple[int, str], keys: Any, headers: Any) -> None:
            answer = await self.send(case, keys, headers)
            said = (answer.status_code, answer.json().get("code"))
            if said != wanted:
                faults.append(f"{what}: {said}, not {wanted}")

        unknown = keys | {case.about.key: uuid4()}
        await check("unknown id", (404, "not-found"), unknown, self.headers(allowed, **match))
        if len(case.beside) == 1:
            elsewhere = self.headers(allowed, ELSEWHERE, **match)
            await check("elsewhere", (403, "area-out-of-scope"), keys, elsewhere)
            unable = self.headers(without, **match)
            await check("without the right", (403, "forbidden"), keys, unable)
        if case.about.edit:
            await check("no If-Match", (428, "if-match-required"), keys, self.headers(allowed))
            stale = self.headers(allowed, **{"If-Match": '"99"'})
            await check("stale If-Match", (412, "version-changed"), keys, stale)
        if isinstance(case.route, CommandRoute):
            faults += await self.replayed(case, unknown)
        return faults

    async def replayed(self, case: Asked, keys: dict[str, Any]) -> list[str]:
        """A command that was answered before is answered so again, whatever became of its row."""
        headers, context = self.headers([]), self.client.app.state.context
        path, actor, key = filled(case.path, **keys), "test-admin", headers["Idempotency-Key"]
        vault = context.vault if context.keeps_persons else None
        digest = hashlib.sha256(f"{case.method} {path}\n".encode()).digest()
        kept = fingerprints.kept(vault, actor, key, digest)
        body, answered = '{"once":"more"}', json.dumps({"etag": '"7"'})
        insert = (
            "INSERT INTO idempotency (actor, key, fingerprint, status, headers, body)"
            " VALUES ($1, $2, $3, 200, $4, $5)"
        )
        await self.garden.connection.execute(insert, actor, key, kept, answered, body)
        again = await self.client.request(case.method, path, headers=headers)
        other = await self.client.request(case.method, path, headers=headers, json={"other": 1})
        faults = []
        if (again.status_code, again.text, again.headers.get("etag")) != (200, body, '"7"'):
            faults.append(f"replay: {again.status_code} {again.text[:120]}")
        if (other.status_code, other.json().get("code")) != (422, "idempotency-key-reused"):
            faults.append(f"another body under the key: {other.status_code} {other.text[:120]}")
        return faults


@pytest.fixture(params=AT_LEAST)
async def office(request: Any, scene: Scene, start: Start, database: Any) -> AsyncIterator[Office]:
    service = PROBE if request.param == "probe" else request.param
    client = await start(service, background=False)
    kept = await database(client.app.state.context.service)
    async with kept.pool.acquire() as connection:
        yield Office(scene, client, await Garden.of(connection))


async def test_whoever_says_what_a_route_is_about_has_all_that_follows(office, request):
    cases = list(asked(office.client.app))
    wrong = {str(case): faults for case in cases if (faults := await office.faults(case))}

    assert wrong == {}
    assert len(cases) >= AT_LEAST[request.node.callspec.params["office"]]


@pytest.mark.parametrize("office", ["probe"], indirect=True)
async def test_a_row_is_held_until_the_command_ends_unless_its_handler_locks(office):
    wish = await office.garden.plant(WishRow.__table__)
    path, match = f"/v1/probes/{wish['wish_id']}", {"If-Match": f'"{wish["version"]}"'}
    edited = await office.client.patch(path, headers=office.headers(["admin"], **match))
    acted = await office.client.post(path, headers=office.headers(["admin"]))

    assert (edited.status_code, edited.json()) == (200, None)
    assert (acted.status_code, acted.json()) == (200, True)
