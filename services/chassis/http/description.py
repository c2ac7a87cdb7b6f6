"""The OpenAPI document of a service, completed with what the framework cannot infer.

Routes refer to the body of a refusal, which is described here, once. The headers a command or an
edit needs are required: their absence is refused by us, with a sentence, not by the framework.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.models import Schema

from services.chassis.http.problems import MEDIA_TYPE, Problem

REQUIRED_HEADERS: dict[str, dict[str, Any]] = {
    "idempotency-key": {
        "name": "Idempotency-Key",
        "description": "Fresh for each command. The same key with the same request gives the same"
        " answer, once; with another request it is refused.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    },
    "if-match": {
        "name": "If-Match",
        "description": "The `ETag` of the version the edit was made from.",
        "schema": {"type": "string", "examples": ['"3"']},
    },
}

REPLAYED = {
    "description": "`true` when this is the first answer once more.",
    "schema": {"type": "string", "const": "true"},
}


def install(app: FastAPI) -> None:
    """Make `app.openapi()`, and with it `/openapi.json`, the completed document."""
    infer = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = completed(infer())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents


def completed(document: dict[str, Any]) -> dict[str, Any]:
    _describe_problems(document["components"]["schemas"])
    for address, path in document["paths"].items():
        for operation in path.values():
            _order_parameters(address, operation.get("parameters", []))
            _require_headers(operation)
            _share_problems(operation, document["components"].setdefault("responses", {}))
    return document


def _describe_problems(schemas: dict[str, Any]) -> None:
    """Among the other schemas, in order of names and written as the framework writes them."""
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    described = {**problem.pop("$defs"), Problem.__name__: problem}
    for name, schema in described.items():
        schemas[name] = jsonable_encoder(Schema.model_validate(schema), exclude_none=True)
    for name in sorted(schemas):
        schemas[name] = schemas.pop(name)


def _order_parameters(address: str, parameters: list[dict[str, Any]]) -> None:
    """Those of the address as they stand in it, whoever of the route's dependencies reads them."""
    places = [place for place, each in enumerate(parameters) if each["in"] == "path"]
    ordered = sorted(
        (parameters[n] for n in places), key=lambda p: address.index(f"{{{p['name']}}}")
    )
    for place, parameter in zip(places, ordered, strict=True):
        parameters[place] = parameter


def _share_problems(operation: dict[str, Any], shared: dict[str, Any]) -> None:
    """Nearly every operation refuses in the same ten ways: they are written once."""
    for status, response in operation["responses"].items():
        if MEDIA_TYPE in response.get("content", ()):
            name = f"Problem{status}"
            if shared.setdefault(name, response) == response:
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}


def _require_headers(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        known = REQUIRED_HEADERS.get(parameter["name"].lower())
        if parameter["in"] == "header" and known is not None:
            parameter.update(known, required=True)
            if known["name"] == "Idempotency-Key":
                _say_replayed(operation)


def _say_replayed(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response.setdefault("headers", {})["Idempotent-Replayed"] = REPLAYED
