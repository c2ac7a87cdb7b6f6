"""What is not there, and who said it was: the address, or a field of the request.

Whoever looks for a row does not know where its key came from; the edge does. An address that leads
nowhere is a 404. A field that does is a mistake of the form, to be marked beside that field.
"""

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from fastapi import Request

from services.chassis.errors import Invalid, NotFound, Refusal


class ReferenceUnknown(Invalid):
    """A field names what there is not. Where a refusal of its own is known, that one is raised."""

    code = "reference-unknown"
    title, title_zh = "A field names what there is not", "所填编号不存在"


async def placed(request: Request, refusal: NotFound) -> Refusal:
    """`ReferenceUnknown` for a key that a field named and the address did not; else `refusal`."""
    key = refusal.key
    if key is None or any(_says(said, key) for said in request.path_params.values()):
        return refusal
    field = next((name for name, said in await _fields(request) if _says(said, key)), None)
    if field is None:
        return refusal
    facts = refusal.facts | {"field": field, "value": str(key)}
    return ReferenceUnknown(refusal.detail, zh=refusal.zh, **facts)


async def _fields(request: Request) -> list[tuple[str, object]]:
    """Every value of body and query under its name: `equipment.0.equipment_id`, `query.base_id`."""
    asked = request.query_params.multi_items()
    fields: list[tuple[str, object]] = [(f"query.{name}", said) for name, said in asked]
    with suppress(ValueError, RecursionError):  # no body, or none that the route read
        fields += _leaves(await request.json())
    return fields


def _leaves(said: object, name: str = "") -> Iterator[tuple[str, object]]:
    inner = dict(enumerate(said)) if isinstance(said, list) else said
    if not isinstance(inner, dict):
        yield name, said
        return
    for key, value in inner.items():
        yield from _leaves(value, f"{name}.{key}" if name else str(key))


def _says(said: object, key: object) -> bool:
    """Whether it is the key as a request writes it: a UUID may come in capitals, or bare."""
    if not isinstance(key, UUID):
        return said == key
    try:
        return UUID(str(said)) == key
    except ValueError:
        return False
