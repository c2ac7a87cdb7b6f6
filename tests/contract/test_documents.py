"""The checked-in documents: up to date, compatible, and sound as the formats they claim to be."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from faststream.cli import cli as faststream
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from contracts.bases.visits import VisitCompleted
from contracts.catalogue import EVENTS
from contracts.event import CONTENT_TYPE
from contracts.membership.organisations import AreaRenamed
from ops.contracts import catalogue, changelog, files, schemas
from ops.contracts.__main__ import main
from ops.embedded.nats import free_port
from ops.embedded.process import Program
from ops.services import SERVICES
from services.chassis.service import VERSION
from services.projector.figures import CATALOGUE
from tests import walks
from tests.eventually import eventually

ASYNCAPI = json.loads((files.ROOT / "asyncapi.json").read_text())
OPENAPI = {p.stem: json.loads(p.read_text()) for p in sorted((files.ROOT / "openapi").glob("*"))}
ASYNCAPI_KEY = re.compile(r"[A-Za-z0-9._-]+")
COMMANDS = {"post", "put", "patch"}


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def found(document: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        document = document[step.replace("~1", "/").replace("~0", "~")]
    return document


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The contracts folder, to be spoilt."""
    return shutil.copytree(files.ROOT, tmp_path / "contracts")


# Up to date


def test_the_generated_files_are_up_to_date():
    assert [str(path) for path in files.stale()] == [], "run `make contracts`"


def test_another_order_of_hashing_and_another_environment_give_the_same_files():
    environment = os.environ | {
        "PYTHONHASHSEED": "4711",
        "JICENG_HOST": "10.1.2.3",
        "JICENG_ISSUER": "https://issuer.example",
    }
    outcome = subprocess.run(
        [sys.executable, "-m", "ops.contracts", "--check"],
        cwd=files.ROOT.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (outcome.returncode, outcome.stdout) == (0, ""), outcome.stderr


def test_no_route_has_a_model_made_of_its_own_for_what_it_refuses():
    """There were 2,150 of them in bases alone: a second of every start."""
    routers = [router for entry in SERVICES for router in entry.load().SERVICE.routers]
    made = [
        f"{route.path} {status}"
        for router in routers
        for route in router.routes
        for status, response in route.responses.items()
        if "model" in response and int(status) >= 400
    ]
    assert made == []


def test_check_lists_what_is_stale_missing_or_superfluous_and_writing_repairs_it(copy, capsys):
    (copy / "asyncapi.json").write_text("{}")
    (copy / "schemas/cloudevent.json").unlink()
    (copy / "schemas/jiceng.bases.gone.away.v1.json").write_text("{}")
    readme = (copy / "README.md").read_text()
    (copy / "README.md").write_text(readme.replace("| `area` | 区划代码 |", "| `area` | 旧 |", 1))

    assert main(["--check"], copy) == 1
    listed = re.findall(r"stale: (\S+);", capsys.readouterr().out)
    assert listed == [
        "contracts/README.md",
        "contracts/asyncapi.json",
        "contracts/schemas/cloudevent.json",
        "contracts/schemas/jiceng.bases.gone.away.v1.json",
    ]

    assert main([], copy) == 0
    assert main(["--check"], copy) == 0
    assert (copy / "README.md").read_text() == readme


def test_a_readme_without_its_markers_is_refused():
    with pytest.raises(ValueError, match=r"README\.md needs the lines"):
        catalogue.written_into("# Events\n")


# Compatible


def test_no_schema_stopped_being_readable_by_a_subscriber_of_the_last_release():
    assert files.broken() == {}


def test_every_released_schema_is_kept_with_its_version():
    assert files.released()
    assert (files.ROOT / "released/VERSION").read_text().strip() <= VERSION


def test_a_broken_promise_fails_the_check_and_cannot_be_released(copy, capsys):
    kept = copy / "released/jiceng.bases.visit.completed.v1.json"
    schema = json.loads(kept.read_text())
    schema["properties"]["actual_headcount"]["minimum"] = 0
    kept.write_text(json.dumps(schema))

    assert main(["--check"], copy) == 1
    assert "$.actual_headcount: minimum was tightened (0 to 1)" in capsys.readouterr().out
    assert main(["--release"], copy) == 1
    assert json.loads(kept.read_text()) == schema


def test_a_release_keeps_the_current_schemas(copy):
    shutil.rmtree(copy / "released")

    assert main(["--release"], copy) == 0
    assert files.released(copy) == schemas.schemas()
    assert (copy / "released/VERSION").read_text() == f"{VERSION}\n"


def test_every_schema_stands_in_the_changelog_and_so_does_every_unreleased_change():
    parts = re.split(
        r"^## `(\S+)`.*$", (files.ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE
    )[1:]
    entries = dict(zip(parts[::2], parts[1::2], strict=True))
    released, current = files.released(), schemas.schemas()

    assert set(entries) == set(released | current)
    changed = {name for name in current if current[name] != released.get(name)}
    assert {name for name, text in entries.items() if "- Unreleased" in text} == changed


def test_a_new_event_gets_its_entry_in_the_changelog_and_nothing_else_moves():
    name = "jiceng.bases.base.changed.v1"
    whole = (files.ROOT / "CHANGELOG.md").read_text()
    before, heading, rest = whole.partition(f"## `{name}`")
    without = before + rest[rest.index("## `") :]

    again = changelog.written_into(without, files.released())

    assert heading
    assert again.index(f"## `{name}`") == whole.index(heading)
    assert f"## `{name}` {EVENTS[name].called()}\n\n{changelog.ADDED}\n" in again
    assert changelog.written_into(whole, files.released()) == whole


# JSON Schema


@walks.over([*schemas.schemas()])
def test_a_schema_is_sound_and_stands_where_its_id_says(name):
    path = files.ROOT / "schemas" / f"{name}.json"
    schema = json.loads(path.read_text())

    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"/{path.relative_to(files.ROOT.parent)}"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema.get("additionalProperties", True) is True, "subscribers ignore unknown fields"
    assert all(found(schema, reference) for reference in references(schema))


# AsyncAPI


def test_asyncapi_references_resolve_and_keys_are_plain():
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    assert all(found(ASYNCAPI, reference) for reference in references(ASYNCAPI))
    groups = [ASYNCAPI["servers"], ASYNCAPI["operations"], *ASYNCAPI["components"].values()]
    keys = [key for group in groups for key in group]
    assert [key for key in keys if not ASYNCAPI_KEY.fullmatch(key)] == []


def by_action(action: str) -> dict[str, Any]:
    return {
        name: operation
        for name, operation in ASYNCAPI["operations"].items()
        if operation["action"] == action
    }


def test_asyncapi_has_a_channel_an_operation_and_a_message_an_event():
    messages, sending = ASYNCAPI["components"]["messages"], by_action("send")

    assert list(ASYNCAPI["channels"]) == list(sending) == list(messages)
    assert list(messages) == list(EVENTS)
    for name, operation in sending.items():
        assert operation["channel"] == {"$ref": f"#/channels/{name}"}
        sent = [found(ASYNCAPI, message["$ref"]) for message in operation["messages"]]
        assert sent == list(ASYNCAPI["channels"][name]["messages"].values())


def test_asyncapi_says_what_every_service_hears():
    folded = {read.event.type for figure in CATALOGUE.counted for read in figure.reads}
    named = {naming.event.type for naming in CATALOGUE.names}
    hears = {("projector", event) for event in folded | named} | {
        (service.name, event)
        for service in SERVICES
        for inlet in service.load().SERVICE.inlets
        for event in inlet.heard
    }

    assert {("bases", AreaRenamed.type), ("membership", VisitCompleted.type)} < hears
    assert set(by_action("receive")) == {f"{service}.hears.{event}" for service, event in hears}
    for service, event in hears:
        operation = ASYNCAPI["operations"][f"{service}.hears.{event}"]
        sent = ASYNCAPI["operations"][event]
        assert EVENTS[event].names()[0] != service, "nobody hears itself"
        assert operation == sent | {"action": "receive", "tags": [{"name": service}]}


def test_faststreams_own_tool_writes_the_document_from_our_application(tmp_path):
    out = tmp_path / "asyncapi.json"
    command = ["docs", "gen", "--factory", "ops.contracts.asyncapi:application", "--out", str(out)]

    outcome = CliRunner().invoke(faststream, command)

    assert outcome.exit_code == 0, outcome.output
    assert json.loads(out.read_text()) == ASYNCAPI


async def test_faststreams_own_tool_serves_the_published_document(tmp_path):
    port = free_port()
    command = ("docs", "serve", "contracts/asyncapi.json", "--port", str(port))
    serving = Program((sys.executable, "-m", "faststream", *command), log=tmp_path / "log")

    async def page() -> str:
        assert serving.running, serving.last_words()
        async with httpx.AsyncClient() as client:
            try:
                return (await client.get(f"http://localhost:{port}/")).text
            except httpx.TransportError:
                return ""

    try:
        await eventually(page)
        assert VisitCompleted.type in await page()
    finally:
        serving.stop()


@walks.over([*EVENTS])
def test_asyncapi_says_subject_parameters_and_server(name):
    channel = ASYNCAPI["channels"][name]

    assert channel["address"] == (
        ".".join(name.split(".")[:4])
        + ".{province}.{city}.{district}.{street}.{community}.{grid}.{partition}"
    )
    assert re.findall(r"{(\w+)}", channel["address"]) == list(channel["parameters"])
    assert all(found(ASYNCAPI, p["$ref"])["description"] for p in channel["parameters"].values())
    assert channel["servers"] == [{"$ref": "#/servers/nats"}]
    assert channel["title"] == EVENTS[name].called()


@walks.over([*EVENTS])
def test_asyncapi_carries_the_envelope_with_exactly_the_published_data_schema(name):
    message = ASYNCAPI["components"]["messages"][name]
    payload = found(ASYNCAPI, message["payload"]["$ref"])
    data = found(ASYNCAPI, payload["properties"]["data"]["$ref"])
    published = json.dumps(schemas.data_schema(EVENTS[name])).replace(
        "/$defs/", "/components/schemas/"
    )
    wanted = {k: v for k, v in json.loads(published).items() if not k.startswith("$")}
    envelope = schemas.envelope_schema()

    assert data == wanted
    assert payload["properties"]["type"]["const"] == name
    assert payload["required"] == envelope["required"]
    assert list(payload["properties"]) == list(envelope["properties"])
    assert found(ASYNCAPI, message["traits"][0]["$ref"])["contentType"] == CONTENT_TYPE


# OpenAPI


class Operation(NamedTuple):
    service: str
    path: str
    method: str
    says: dict[str, Any]


OPERATIONS = {
    f"{service} {path} {method}": Operation(service, path, method, says)
    for service, document in OPENAPI.items()
    for path, item in document["paths"].items()
    for method, says in item.items()
}
ASKED_BY_POST = {"/v1/members/lookup"}
"""Questions with a name or a number in them, which no log of addresses shall hold."""
NAMES = Counter((each.service, each.says["operationId"]) for each in OPERATIONS.values())


@pytest.mark.parametrize("service", OPENAPI)
def test_openapi_names_no_server_and_resolves(service):
    document = OPENAPI[service]

    assert document["openapi"].startswith("3.1")
    assert "servers" not in document
    assert all(found(document, reference) is not None for reference in references(document))
    assert not re.search(r"127\.0\.0\.1|localhost", json.dumps(document))


@walks.over(
    {
        name: each
        for name, each in OPERATIONS.items()
        if each.method in COMMANDS and each.path not in ASKED_BY_POST
    }
)
def test_a_command_documents_its_key_and_an_edit_its_version(command):
    headers = {p["name"]: p for p in command.says["parameters"] if p["in"] == "header"}

    assert headers["Idempotency-Key"]["required"] is True
    assert headers["Idempotency-Key"]["schema"]["maxLength"] == 200
    assert command.method != "patch" or headers["If-Match"]["required"] is True
    assert {"400", "401", "403", "409", "413", "422", "503"} <= command.says["responses"].keys()


@walks.over(OPERATIONS)
def test_a_refusal_is_a_problem_document(operation):
    for status, response in operation.says["responses"].items():
        if status >= "400":
            shared = response.get("$ref")
            answer = found(OPENAPI[operation.service], shared) if shared else response
            assert list(answer["content"]) == ["application/problem+json"], status
    if operation.path.startswith("/v1/"):
        assert {"401", "403", "404", "503"} <= operation.says["responses"].keys()


@walks.over(OPERATIONS)
def test_an_operation_has_a_chinese_summary_and_a_name_of_its_own(operation):
    assert re.search(r"[\u4e00-\u9fff]", operation.says["summary"])
    assert NAMES[operation.service, operation.says["operationId"]] == 1


@pytest.mark.parametrize("service", OPENAPI)
async def test_a_service_serves_the_document_that_is_checked_in(service, start):
    client = await start(service, background=False)

    assert (await client.get("/openapi.json")).json() == OPENAPI[service]
