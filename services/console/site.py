"""What every page needs: the clients, the templates, the visitor. One `Site` per process."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

import httpx
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.chassis.clock import Clock
from services.chassis.http.context import ServiceContext, context_of
from services.console import wording
from services.console.assets import Versioned
from services.console.clients.bases import Bases
from services.console.clients.membership import Membership
from services.console.clients.projector import Projector
from services.console.clients.upstream import Caller, Outage, Upstream
from services.console.session import COOKIE, LoginNeeded, Session, open_session

T = TypeVar("T")
CONNECTIONS = httpx.Limits(max_connections=200, max_keepalive_connections=50)
"""An overview asks some thirty questions at once; several visitors must not queue for a socket."""


@dataclass(frozen=True)
class Site:
    templates: Environment
    membership: Membership
    bases: Bases
    projector: Projector
    clock: Clock


def build(context: ServiceContext, asset: Versioned, http: httpx.AsyncClient | None = None) -> Site:
    """`http` given: with another transport, such as a test's."""
    client = http or httpx.AsyncClient(limits=CONNECTIONS, trust_env=False)

    def upstream(name: str, title: str) -> Upstream:
        return Upstream(title, context.settings.service_url(name), client, context.clock)

    templates = Environment(
        loader=PackageLoader("services.console"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(asset=asset, wording=wording)
    return Site(
        templates=templates,
        membership=Membership(upstream("membership", "区划与党组织")),
        bases=Bases(upstream("bases", "基地与预约")),
        projector=Projector(upstream("projector", "统计与总结")),
        clock=context.clock,
    )


def site_of(request: Request) -> Site:
    return cast("Site", request.app.state.site)


@dataclass(frozen=True)
class Visit:
    """A request by somebody who is logged in."""

    request: Request
    site: Site
    session: Session

    @property
    def caller(self) -> Caller:
        return Caller(self.session.token, correlation_of(self.request))

    @property
    def fragment(self) -> bool:
        """The page asks for a part of itself."""
        return self.request.headers.get("hx-request") == "true"


async def visit_of(request: Request) -> Visit:
    """Raises `LoginNeeded`."""
    token = request.cookies.get(COOKIE, "")
    if not token and request.headers.get("sec-fetch-site") == "cross-site":
        raise FollowedFromElsewhere
    session = await open_session(token, context_of(request))
    request.state.session = session
    return Visit(request, site_of(request), session)


Visiting = Annotated[Visit, Depends(visit_of)]


class FollowedFromElsewhere(LoginNeeded):
    """A link on another site led here: the browser withheld the cookie, and will send it when our
    own page asks again.
    """

    def __init__(self) -> None:
        super().__init__("none")


def correlation_of(request: Request) -> str:
    return str(request.state.correlation_id)


def render(request: Request, template: str, *, status: int = 200, **given: object) -> HTMLResponse:
    found = site_of(request).templates.get_template(template)
    given.setdefault("session", getattr(request.state, "session", None))
    given.setdefault("path", request.url.path)
    return HTMLResponse(found.render(given), status)


async def part(asked: Awaitable[T]) -> T | Outage:
    """What was asked, or why that part of the page is missing. Refusals still stop the page."""
    try:
        return await asked
    except Outage as outage:
        return outage


async def parts(asked: Iterable[Awaitable[T]]) -> list[T | Outage]:
    return list(await asyncio.gather(*(part(one) for one in asked)))


def outages(*found: object) -> list[Outage]:
    """One entry a service, however many of its answers are missing."""
    by_title = {outage.title: outage for outage in found if isinstance(outage, Outage)}
    return list(by_title.values())
