"""An unknown id in the address is a 404; one in a field is a 422 that names the field."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.chassis.ids import new_id
from tests.service.bases.referring import BESIDE, COMMANDS, Command
from tests.service.office import Office

Schema = dict[str, Any]


def ids_in(schema: Schema, parts: Schema, name: str = "") -> Iterator[str]:
    """The fields that hold a UUID, as a refusal names them; of a list, its first."""
    if "$ref" in schema:
        yield from ids_in(parts[schema["$ref"].rpartition("/")[2]], parts, name)
    for each in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from ids_in(each, parts, name)
    if schema.get("format") == "uuid":
        yield name
    for inner, each in schema.get("properties", {}).items():
        yield from ids_in(each, parts, f"{name}.{inner}" if name else inner)
    if "items" in schema:
        yield from ids_in(schema["items"], parts, f"{name}.0")


def referring(office: Office) -> dict[str, list[str]]:
    """Every command that takes an id in its body, with those fields."""
    described = office.bases.app.openapi()
    parts = described["components"]["schemas"]
    found = {
        f"{method.upper()} {path}": list(
            ids_in(told["requestBody"]["content"]["application/json"]["schema"], parts)
        )
        for path, methods in described["paths"].items()
        for method, told in methods.items()
        if "requestBody" in told
    }
    return {route: fields for route, fields in found.items() if fields}


def naming(body: dict[str, Any], field: str, key: str) -> dict[str, Any]:
    """The body with `key` in the field."""
    first, *inner = field.split(".")
    if not inner:
        return body | {first: key}
    if inner == ["0"]:
        return body | {first: [key]}
    return body | {first: [body[first][0] | {inner[1]: key}]}


async def send(office: Office, method: str, command: Command, body: Any) -> httpx.Response:
    headers = office.scene.headers(**{"If-Match": f'"{command.version}"'})
    return await office.bases.request(method, command.path, json=body, headers=headers)


async def test_no_command_that_names_things_in_its_body_is_left_out(office):
    assert set(referring(office)) == {*COMMANDS, *BESIDE}


@pytest.mark.parametrize("route", [*COMMANDS, *BESIDE])
async def test_an_unknown_id_in_a_field_is_refused_by_its_name(office, database, route):
    ready = BESIDE[route](office, database) if route in BESIDE else COMMANDS[route](office)
    command = await ready
    method, _, _ = route.partition(" ")
    unknown = str(new_id())

    for field in referring(office)[route]:
        body = naming(command.without(field), field, unknown)
        refused = await send(office, method, command, body)
        named = {field, field.partition(".0")[0]}  # a list may be refused as a whole
        assert refused.status_code == 422, (field, refused.text)
        assert refused.json().get("field") in named, (field, refused.text)
    accepted = await send(office, method, command, command.body)

    assert accepted.is_success, accepted.text


async def test_an_id_is_known_again_however_it_is_written_and_wherever_it_stands(office):
    key = new_id()
    for said in (str(key), str(key).upper(), key.hex):
        refused = await office.post("/v1/feeds", {"scope": "base", "id": said})
        assert (refused.status_code, refused.json()["field"]) == (422, "id")
    asked = await office.bases.get(
        "/v1/availability",
        params={"base_id": key.hex, "from": "2026-06-11", "to": "2026-06-11"},
        headers=office.scene.headers(),
    )
    assert (asked.status_code, asked.json()["code"]) == (422, "reference-unknown")
    assert (asked.json()["field"], asked.json()["value"]) == ("query.base_id", str(key))


async def test_an_address_that_leads_nowhere_is_not_found_even_where_a_field_says_it_too(office):
    key = new_id()
    body = {"scope": "this-and-following", "from_booking_id": str(key)}
    for said in (str(key), str(key).upper()):
        lost = await office.post(f"/v1/series/{said}/cancel", body)
        assert (lost.status_code, lost.json()["code"]) == (404, "not-found"), lost.text
        assert "field" not in lost.json()
