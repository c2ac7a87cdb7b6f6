"""The caller of a route, out of its bearer token."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from services.chassis.auth import Principal
from services.chassis.errors import Unauthenticated
from services.chassis.http.context import context_of


class _Bearer(HTTPBearer):
    """The security scheme itself answers with who is calling: one dependency, not two."""

    async def __call__(self, request: Request) -> Principal:  # type: ignore[override]
        return await caller_of(request)


async def caller_of(request: Request) -> Principal:
    """Raises `Unauthenticated` without a valid token."""
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None:
        return known
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated(
            "Send `Authorization: Bearer <token>`.", zh="请在 Authorization 中提供登录凭证。"
        )
    principal = await context_of(request).verifier.verify(token.strip())
    request.state.principal = principal
    return principal


bearer = _Bearer(scheme_name="HTTPBearer", bearerFormat="JWT", description="OIDC access token")

Caller = Annotated[Principal, Depends(bearer)]
