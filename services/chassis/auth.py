"""Who is calling and what they may do: bearer tokens against a JWKS, grants bound to an area."""

import asyncio
import json
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from contracts.access import ROLES, Action
from contracts.areas import is_area, within
from services.chassis.clock import Clock
from services.chassis.errors import Forbidden, Unauthenticated, Unavailable
from services.chassis.settings import Settings

log = structlog.get_logger()

ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519", "PS256"]
"""Asymmetric only: a shared secret would let any service mint tokens."""
LEEWAY_S = 30
REFRESH_S = 24 * 3600
UNKNOWN_KEY_PAUSE_S = 30
"""An unknown key id is looked up at most this often: nobody shall make us hammer the issuer."""
REMEMBERED = 4096


class OutOfScope(Forbidden):
    code = "area-out-of-scope"
    title, title_zh = "The area is outside your grants", "超出授权区划"


@dataclass(frozen=True)
class Grant:
    role: str
    area: str


def allowed(grants: tuple[Grant, ...], action: Action, area: str) -> bool:
    """The whole decision: some granted role permits the action, in an area that contains `area`."""
    return any(
        action in ROLES.get(grant.role, frozenset()) and within(area, grant.area)
        for grant in grants
    )


@dataclass(frozen=True)
class Principal:
    """The caller, as the token says."""

    subject: str
    grants: tuple[Grant, ...]
    expires_at: float

    def require(self, action: Action, area: str) -> None:
        """Raises `Forbidden` without the role, `OutOfScope` with the role but for other areas."""
        if allowed(self.grants, action, area):
            return
        areas = self.areas(action)
        if not areas:
            self.refuse(action)
        raise OutOfScope(
            f"{area} is not in the areas you may act in.",
            zh=f"区划 {area} 不在您的授权范围内。",
            area=area,
            granted=list(areas),
        )

    def refuse(self, action: Action) -> None:
        needed = sorted(role for role, actions in ROLES.items() if action in actions)
        raise Forbidden(
            f"`{action}` needs one of the roles {', '.join(needed)}.",
            zh="您的角色不能执行此操作。",
            action=str(action),
            roles=needed,
        )

    def areas(self, action: Action) -> tuple[str, ...]:
        """Areas in which the caller may do `action`; lists are limited to them."""
        return tuple(
            grant.area for grant in self.grants if action in ROLES.get(grant.role, frozenset())
        )


class Verifier:
    """Checks tokens offline with the issuer's keys, which it caches for a day."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._keys: KeySet | None = None
        self._fetched = 0.0
        self._lock = asyncio.Lock()
        self._seen: OrderedDict[str, Principal] = OrderedDict()

    async def verify(self, token: str) -> Principal:
        """Raises `Unauthenticated` for anything but a current token of our issuer for us."""
        now = self._clock().timestamp()
        known = self._seen.get(token)
        if known is None:
            known = _principal(await self._claims(token, int(now)))
            self._seen[token] = known
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        if known.expires_at + LEEWAY_S < now:
            self._seen.pop(token, None)
            raise _refused(
                "The token has expired.", "登录凭证已过期，请重新登录。", "token-expired"
            )
        return known

    async def _claims(self, token: str, now: int) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.audience},
            sub={"essential": True},
            exp={"essential": True},
        )
        for fresh in (False, True):
            keys = await self._key_set(fresh=fresh)
            try:
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
                registry.validate(decoded.claims)
            except JoseError as error:
                if error.error == "expired_token":
                    raise _refused(
                        "The token has expired.", "登录凭证已过期，请重新登录。", "token-expired"
                    ) from error
                if fresh:
                    raise _invalid(str(error)) from error
            except ValueError as error:  # not a token at all, or a key id nobody knows
                if fresh:
                    raise _invalid(str(error)) from error
            else:
                return dict(decoded.claims)
        raise _invalid("no key fits")

    async def _key_set(self, *, fresh: bool) -> KeySet:
        async with self._lock:
            age = monotonic() - self._fetched
            if self._keys is None or age > (UNKNOWN_KEY_PAUSE_S if fresh else REFRESH_S):
                try:
                    self._keys = KeySet.import_key_set(await self._fetch())
                    self._fetched = monotonic()
                except (OSError, ValueError) as error:
                    log.warning("jwks.unreachable", error=repr(error))
                    if self._keys is None:
                        raise Unavailable(
                            "The token issuer's keys cannot be read.", zh="无法读取登录验证密钥。"
                        ) from error
            return self._keys

    async def _fetch(self) -> Any:
        url = urlsplit(self._settings.jwks_url)
        if url.scheme == "file":
            return json.loads(await asyncio.to_thread(Path(url.path).read_text, "utf-8"))
        return await _fetched(self._settings.jwks_url)


async def _fetched(url: str) -> Any:
    """Raises `OSError` when it cannot be had."""
    import httpx  # noqa: PLC0415  slow to import, and most read a file

    try:
        async with httpx.AsyncClient(timeout=5) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            return answer.json()
    except httpx.HTTPError as error:
        raise OSError(repr(error)) from error


def _principal(claims: dict[str, Any]) -> Principal:
    try:
        grants = tuple(Grant(str(g["role"]), str(g["area"])) for g in claims.get("grants", ()))
    except (TypeError, KeyError) as error:
        raise _invalid("`grants` must be a list of {role, area}") from error
    if not all(is_area(grant.area) for grant in grants):
        raise _invalid("a grant names no area code")
    return Principal(str(claims["sub"]), grants, float(claims["exp"]))


def _invalid(reason: str) -> Unauthenticated:
    return _refused(f"The token is not valid: {reason}", "登录凭证无效。", "token-invalid")


def _refused(detail: str, zh: str, code: str) -> Unauthenticated:
    refusal = Unauthenticated(detail, zh=zh)
    refusal.code = code
    return refusal
