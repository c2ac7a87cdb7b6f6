"""The caller of a route, out of its bearer token."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.chassis.auth import Principal
from services.chassis.errors import Unauthenticated
from services.chassis.http.context import context_of

_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="OIDC access token")


async def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    """Raises `Unauthenticated` without a valid token."""
    if credentials is None:
        raise Unauthenticated(
            "Send `Authorization: Bearer <token>`.", zh="请在 Authorization 中提供登录凭证。"
        )
    principal = await context_of(request).verifier.verify(credentials.credentials)
    request.state.principal = principal
    return principal


Caller = Annotated[Principal, Depends(caller)]
