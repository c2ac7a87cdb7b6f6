"""The visitor's session: the bearer token in a cookie no script can read, and what it grants.

The console verifies the token as every service does, so that an expired or foreign one leads to
the login page; what it may see, each service decides again.
"""

from dataclasses import dataclass

from fastapi import Request, Response

from contracts.access import ROLE_LABEL, Action
from contracts.areas import within
from services.chassis.auth import OutOfScope, Principal
from services.chassis.errors import Unauthenticated
from services.chassis.http.context import ServiceContext

COOKIE = "jiceng_token"
MOST_TOKEN = 3800
"""Bytes; browsers drop a cookie beyond 4096 with its name and attributes."""


class LoginNeeded(Exception):  # leads to the login page, refuses nothing
    """Nobody is logged in, or no longer. `why` is a key of `WHY`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


WHY = {
    "none": "请先登录。",
    "token-expired": "登录凭证已过期，请重新登录。",
    "token-invalid": "该登录凭证不是本系统签发的，或已失效，请核对后重新登录。",
    "no-grant": "该登录凭证没有授予任何区划的查看权限，请联系管理员。",
    "out": "您已退出登录。",
}


@dataclass(frozen=True)
class Session:
    token: str
    subject: str
    areas: tuple[str, ...]
    """Areas that may be read, none inside another, widest first."""
    roles: tuple[str, ...]
    """Labels."""

    def covers(self, area: str) -> bool:
        return any(within(area, granted) for granted in self.areas)

    def require(self, area: str) -> None:
        """Raises `OutOfScope` for an area outside the grants, before any service is asked."""
        if not self.covers(area):
            raise OutOfScope(
                f"{area} is not in the granted areas.", zh="所选区域超出您的授权范围。"
            )


async def open_session(token: str, context: ServiceContext) -> Session:
    """Raises `LoginNeeded` for a token that opens nothing, `Unavailable` when none is checkable."""
    token = token.strip().removeprefix("Bearer ").strip()
    if not token:
        raise LoginNeeded("none")
    if len(token) > MOST_TOKEN:
        raise LoginNeeded("token-invalid")
    try:
        principal = await context.verifier.verify(token)
    except Unauthenticated as refusal:
        raise LoginNeeded(refusal.code) from refusal
    return session_of(token, principal)


def session_of(token: str, principal: Principal) -> Session:
    areas = outermost(principal.areas(Action.READ))
    if not areas:
        raise LoginNeeded("no-grant")
    roles = dict.fromkeys(ROLE_LABEL[g.role] for g in principal.grants if g.role in ROLE_LABEL)
    return Session(token, principal.subject, areas, tuple(roles))


def outermost(areas: tuple[str, ...]) -> tuple[str, ...]:
    kept: list[str] = []
    for area in sorted(areas, key=lambda code: (len(code), code)):
        if not any(within(area, wider) for wider in kept):
            kept.append(area)
    return tuple(kept)


def remember(response: Response, token: str, request: Request) -> None:
    """Strict: no other site can make a browser show our pages with the visitor's rights."""
    response.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
