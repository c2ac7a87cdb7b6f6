"""One other service, asked over HTTP with the visitor's token: bounded in time, honest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import httpx
import structlog
from pydantic import TypeAdapter, ValidationError

from services.chassis.clock import Clock
from services.chassis.errors import Forbidden, Invalid, NotFound, Refusal, Unauthenticated

TIMEOUT = httpx.Timeout(3.0, connect=1.0)
"""Seconds; a page waits no longer for a part that does not answer."""
TOO_MANY_REQUESTS = 429
SILENT = "未在 3 秒内响应"

REFUSALS: dict[int, type[Refusal]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
}

log = structlog.get_logger()

T = TypeVar("T")

Params = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Caller:
    """On whose behalf we ask."""

    token: str
    correlation_id: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.token}",
            "x-correlation-id": self.correlation_id,
            "accept-language": "zh-CN",
        }


class Outage(Exception):
    """A part of the page that cannot be shown, and since when (as seen from this process)."""

    def __init__(self, title: str, since: datetime, reason: str) -> None:
        super().__init__(f"{title}: {reason}")
        self.title = title
        self.since = since
        self.reason = reason


class Upstream:
    """A service by its public address. Remembers only since when it has not answered.

    Within one page a service that stayed silent is not asked again: a page waits for it once.
    """

    def __init__(self, title: str, url: str, http: httpx.AsyncClient, clock: Clock) -> None:
        self.title = title
        self._url = url
        self._http = http
        self._clock = clock
        self._down_since: datetime | None = None
        self._silent_for = ""

    async def ask(self, answer: TypeAdapter[T], path: str, caller: Caller, params: Params) -> T:
        """The parsed answer. Raises `Outage`, or the refusal the service gave."""
        response = await self.fetch(path, caller, params)
        try:
            return answer.validate_json(response.content)
        except ValidationError as error:
            log.exception("answer.not_understood", service=self.title, path=path)
            raise self._outage("返回了无法识别的内容") from error

    async def fetch(self, path: str, caller: Caller, params: Params) -> httpx.Response:
        """The answer as it came, status below 400."""
        if self._silent_for == caller.correlation_id:
            raise self._outage(SILENT)
        given = {name: value for name, value in params.items() if value is not None}
        try:
            response = await self._http.get(
                self._url + path, params=given, headers=caller.headers, timeout=TIMEOUT
            )
        except httpx.TimeoutException as error:
            self._silent_for = caller.correlation_id
            raise self._outage(SILENT) from error
        except httpx.HTTPError as error:
            raise self._outage("无法连接") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise self._outage(f"返回错误 {response.status_code}")
        if response.status_code == TOO_MANY_REQUESTS:
            raise self._outage("请求过多")
        self._down_since = None
        if response.is_client_error:
            raise _refusal(response)
        return response

    def _outage(self, reason: str) -> Outage:
        self._down_since = self._down_since or self._clock()
        return Outage(self.title, self._down_since, reason)


def _refusal(response: httpx.Response) -> Refusal:
    """The service's own problem document, kept in its words."""
    try:
        problem: Any = response.json()
    except ValueError:
        problem = {}
    said = problem.get("detail") if isinstance(problem, dict) else None
    detail = str(said or f"HTTP {response.status_code}")
    return REFUSALS.get(response.status_code, Invalid)(detail, zh=detail)
