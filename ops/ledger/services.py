"""The running services as the import sees them: public HTTP interfaces, and patience."""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from typing import Any, Self

import httpx
from tenacity import (
    AsyncRetrying,
    retry_if_exception_type,
    stop_after_delay,
    wait_exponential_jitter,
)

from ops.ledger.model import Command, Item
from services.chassis.settings import Settings

PATIENCE_S = 30.0
"""How long a service that does not answer is asked again before the import ends."""

AT_ONCE = 8
"""Requests in flight: enough to keep a service busy, too few to crowd out its other callers."""

PAGE = 100
_AGAIN = frozenset({429, 502, 503, 504})
_UNAUTHENTICATED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
KEEPERS = ("membership", "bases", "cobuilding")
"""Services that take what a workbook brings, and keep kinds."""


class ServiceAwayError(Exception):
    """A service did not answer for `PATIENCE_S`. What was sent, is safe to send again."""


class RequestRefusedError(Exception):
    """The token is not accepted, or a question that every import must ask is refused."""


class _NotYet(Exception):
    """Worth another try."""


class _Bearer(httpx.Auth):
    """A token that is renewed once when it has expired on the way."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._renew = token
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self._token = self._token or self._renew()
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == _UNAUTHENTICATED:
            self._token = self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request


class Services:
    """`async with Services(...)`; safe for concurrent use. Repeats until answered, within patience.

    A repeated command carries the same Idempotency-Key, so an answer that was lost is given again.
    """

    def __init__(
        self,
        settings: Settings,
        token: Callable[[], str],
        *,
        patience_s: float = PATIENCE_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._patience_s = patience_s
        self._urls = {name: settings.service_url(name) for name in (*KEEPERS, "projector")}
        self._client = httpx.AsyncClient(
            auth=_Bearer(token),
            headers={"Accept-Language": "zh"},
            timeout=httpx.Timeout(15, connect=3),
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def kinds(self) -> dict[str, dict[str, str]]:
        """Families of kinds as the district keeps them: code to label."""
        families: dict[str, dict[str, str]] = {}
        for service in KEEPERS:
            for kind in await self.get(service, "/v1/kinds") or ():
                families.setdefault(kind["family"], {})[kind["code"]] = kind["label"]
        return families

    async def get(self, service: str, path: str, **params: str) -> Any:
        """The document, or None where there is none."""
        # An empty dict would make httpx drop the query that stands in the path.
        response = await self._answered(service, "GET", path, params=params or None)
        if response.status_code == _NOT_FOUND:
            return None
        if response.is_error:
            raise RequestRefusedError(f"{service} {path}：{_detail(response)}")
        return response.json()

    async def pages(self, service: str, path: str, **params: str) -> AsyncGenerator[Item]:
        """Everything a list has, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(service, path, limit=str(PAGE), **params, **cursor)
            for item in page["items"]:
                yield item
            if not page["next"]:
                return
            cursor = {"cursor": page["next"]}

    async def send(self, service: str, command: Command) -> httpx.Response:
        """The service's answer, be it a refusal."""
        headers = {"Idempotency-Key": command.key}
        if command.version is not None:
            headers["If-Match"] = f'"{command.version}"'
        response = await self._answered(
            service, command.method, command.path, json=command.body, headers=headers
        )
        if response.status_code == _UNAUTHENTICATED:
            raise RequestRefusedError(_detail(response))
        return response

    async def _answered(self, service: str, method: str, path: str, **what: Any) -> httpx.Response:
        url = f"{self._urls[service]}{path}"
        patiently = AsyncRetrying(
            retry=retry_if_exception_type((_NotYet, httpx.TransportError)),
            wait=wait_exponential_jitter(multiplier=0.2, max=4),
            stop=stop_after_delay(self._patience_s),
            reraise=True,
        )
        try:
            response: httpx.Response = await patiently(self._once, method, url, what)
        except (_NotYet, httpx.TransportError) as error:
            reason = str(error) or type(error).__name__
            raise ServiceAwayError(
                f"{service}（{self._urls[service]}）{self._patience_s:g} 秒内没有正常应答：{reason}"
            ) from error
        return response

    async def _once(self, method: str, url: str, what: dict[str, Any]) -> httpx.Response:
        response = await self._client.request(method, url, **what)
        if response.status_code in _AGAIN:
            raise _NotYet(_detail(response))
        return response


def problem_of(response: httpx.Response) -> Mapping[str, Any]:
    """The problem document; something like one when a proxy answered instead."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if isinstance(document, dict):
        return document
    return {"code": "http-error", "detail": f"HTTP {response.status_code}"}


def _detail(response: httpx.Response) -> str:
    problem = problem_of(response)
    return str(problem.get("detail") or problem.get("title") or f"HTTP {response.status_code}")
