"""A question says only what its address knows: a misspelt filter is refused, not ignored.

Without this a list that was asked for `statuss=done` would show everything, and be believed.
"""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute

from services.chassis.http.callers import bearer, caller_of

KNOWN = "known_parameters"
"""Of a route, once it was asked."""


async def known(request: Request) -> None:
    """Raises for a query parameter that the route does not take, after `Unauthenticated`.

    Pages for people are left alone: whoever passes on their address may add to it.
    """
    route = request.scope["route"]
    if request.method != "GET" or not request.query_params or not route.include_in_schema:
        return
    names = names_of(route)
    unknown = [name for name in request.query_params if name not in names]
    if not unknown or depends_on(route.dependant, others):
        return
    if depends_on(route.dependant, bearer):
        await caller_of(request)
    raise RequestValidationError(
        [
            {
                "type": "parameter_unknown" if names else "parameter_none",
                "loc": ("query", name),
                "msg": f"unknown parameter; known here: {', '.join(names) or 'none'}",
                "input": request.query_params[name],
                "ctx": {"known": "、".join(names)},
            }
            for name in unknown
        ]
    )


def names_of(route: APIRoute) -> list[str]:
    """The query parameters that a route takes, in the order of its description."""
    names: list[str] | None = getattr(route, KNOWN, None)
    if names is None:
        names = [
            each.alias
            for each in get_flat_params(route.dependant)
            if getattr(each.field_info, "in_", ParamTypes.query) is ParamTypes.query
        ]
        setattr(route, KNOWN, names)
    return names


def dependencies_of(dependant: Dependant) -> Iterator[Dependant]:
    """All that a route depends on, however deep."""
    for each in dependant.dependencies:
        yield each
        yield from dependencies_of(each)


def depends_on(dependant: Dependant, call: object) -> bool:
    return any(each.call is call for each in dependencies_of(dependant))


async def others(request: Request) -> dict[str, str]:
    names = names_of(request.scope["route"])
    return {name: value for name, value in request.query_params.items() if name not in names}


Others = Annotated[dict[str, str], Depends(others)]
"""The parameters that a route does not declare, for one that looks at them, and refuses, itself."""
