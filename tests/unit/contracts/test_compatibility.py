"""The rule that keeps old subscribers alive, broken once by every kind of change."""

from copy import deepcopy
from typing import Any

from ops.contracts.compatibility import broken_promises, incompatibilities
from tests import walks

RELEASED: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "接待已完成",
    "type": "object",
    "$defs": {
        "Channel": {"enum": ["web", "phone"], "type": "string", "title": "Channel"},
        "Theme": {
            "type": "object",
            "properties": {"code": {"type": "string", "maxLength": 8}},
            "required": ["code"],
        },
        "Node": {
            "type": "object",
            "properties": {
                "depth": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
                "parent": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            },
        },
    },
    "properties": {
        "visit_id": {"type": "string", "format": "uuid", "title": "接待编号"},
        "area": {"type": "string", "pattern": "^[0-9]{6}$"},
        "code": {"type": "string", "minLength": 1, "maxLength": 40},
        "headcount": {"type": "integer", "minimum": 1, "maximum": 500},
        "share": {"type": "number", "exclusiveMinimum": 0},
        "channel": {"$ref": "#/$defs/Channel", "title": "预约方式"},
        "reason": {"anyOf": [{"enum": ["weather"], "type": "string"}, {"type": "string"}]},
        "ended_at": {
            "anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}],
            "default": None,
        },
        "paid": {"type": "boolean", "default": False},
        "themes": {"type": "array", "items": {"$ref": "#/$defs/Theme"}, "maxItems": 9},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
        "tree": {"$ref": "#/$defs/Node"},
        "version": {"const": "1.0"},
        "closed": {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "additionalProperties": False,
        },
        "place": {"oneOf": [{"$ref": "#/$defs/Theme"}, {"type": "string"}]},
    },
    "required": ["visit_id", "area", "headcount", "channel"],
}


def changed(path: str, value: Any = ...) -> dict[str, Any]:
    """The released schema with one place set, or taken away; `required/-` appends to a list."""
    schema = deepcopy(RELEASED)
    *way, last = path.split("/")
    at: Any = schema
    for step in way:
        at = at[int(step) if isinstance(at, list) else step]
    if isinstance(at, list):
        at.append(value) if last == "-" else at.__setitem__(int(last), value)
    elif value is ...:
        del at[last]
    else:
        at[last] = value
    return schema


FIELD = "properties"

BREAKING = {
    "a required field is added": ("required/-", "paid", "$.paid: is now required"),
    "a required field becomes optional": (
        "required",
        ["visit_id", "area", "headcount"],
        "$.channel: is required no more",
    ),
    "a field is removed": (f"{FIELD}/code", ..., "$.code: was removed"),
    "a required field is removed": (f"{FIELD}/area", ..., "$.area: was removed"),
    "a type changes": (f"{FIELD}/code", {"type": "integer"}, "$.code: string is accepted no more"),
    "a type widens": (f"{FIELD}/headcount/type", "number", "$.headcount: may now be number"),
    "a type narrows": (f"{FIELD}/share/type", "integer", "$.share: number is accepted no more"),
    "a field may be null": (f"{FIELD}/paid/type", ["boolean", "null"], "$.paid: may now be null"),
    "a field may be null no more": (
        f"{FIELD}/ended_at",
        {"type": "string", "format": "date-time", "default": None},
        "$.ended_at: null is accepted no more",
    ),
    "a field loses its type": (f"{FIELD}/paid", {"default": False}, "$.paid: may now be anything"),
    "a code is added": ("$defs/Channel/enum/-", "fax", "$.channel: the code 'fax' is new"),
    "a code is removed": ("$defs/Channel/enum", ["web"], "$.channel: the code 'phone' was removed"),
    "a list of codes is closed": (
        f"{FIELD}/code",
        {"type": "string", "enum": ["A"], "minLength": 1, "maxLength": 40},
        "$.code: was closed to",
    ),
    "an open list is closed": (
        f"{FIELD}/reason",
        {"type": "string", "enum": ["weather"]},
        "$.reason: was closed to",
    ),
    "a closed list is opened": (
        "$defs/Channel",
        {"anyOf": [{"enum": ["web", "phone"], "type": "string"}, {"type": "string"}]},
        "$.channel: was opened for",
    ),
    "a constant changes": (f"{FIELD}/version/const", "1.1", "$.version: the code '1.1' is new"),
    "a format changes": (f"{FIELD}/visit_id/format", "uri", "$.visit_id: format was changed"),
    "a format is added": (f"{FIELD}/code/format", "uuid", "$.code: format was added"),
    "a format is removed": (f"{FIELD}/visit_id/format", ..., "$.visit_id: format was removed"),
    "a format inside a choice changes": (
        f"{FIELD}/ended_at/anyOf/0/format",
        "date",
        "$.ended_at: format was changed",
    ),
    "a pattern changes": (f"{FIELD}/area/pattern", "^[0-9]+$", "$.area: pattern was changed"),
    "a minimum rises": (f"{FIELD}/headcount/minimum", 2, "$.headcount: minimum was tightened"),
    "a minimum falls": (f"{FIELD}/headcount/minimum", 0, "$.headcount: minimum was loosened"),
    "a minimum goes": (f"{FIELD}/headcount/minimum", ..., "$.headcount: minimum was removed"),
    "a maximum rises": (f"{FIELD}/headcount/maximum", 999, "$.headcount: maximum was loosened"),
    "a maximum falls": (f"{FIELD}/headcount/maximum", 9, "$.headcount: maximum was tightened"),
    "an exclusive minimum moves": (f"{FIELD}/share/exclusiveMinimum", 1, "$.share: exclusiveMin"),
    "a length is limited": (f"{FIELD}/area/maxLength", 6, "$.area: maxLength was added"),
    "a length shrinks": (f"{FIELD}/code/maxLength", 9, "$.code: maxLength was tightened"),
    "a list may be longer": (f"{FIELD}/themes/maxItems", 99, "$.themes: maxItems was loosened"),
    "items must be unique": (f"{FIELD}/themes/uniqueItems", True, "$.themes: uniqueItems"),
    "items change type": (
        f"{FIELD}/themes/items",
        {"type": "string"},
        "$.themes[]: object is accepted no more",
    ),
    "a definition gets stricter": (
        "$defs/Theme/properties/code/maxLength",
        4,
        "$.themes[].code: maxLength was tightened",
    ),
    "a definition requires more": ("$defs/Node/required", ["depth"], "$.tree.depth: is now"),
    "a recursive definition changes": (
        "$defs/Node/properties/depth",
        {"type": "string"},
        "$.tree.depth: integer is accepted no more",
    ),
    "values of a map change type": (
        f"{FIELD}/counts/additionalProperties",
        {"type": "string"},
        "$.counts.*: integer is accepted no more",
    ),
    "further fields are refused": ("additionalProperties", False, "$.*: was opened or closed"),
    "further fields are allowed": (
        f"{FIELD}/closed/additionalProperties",
        True,
        "$.closed.*: was opened or closed",
    ),
    "a field is added where none may be": (
        f"{FIELD}/closed/properties/b",
        {"type": "string"},
        "$.closed.b: was added where",
    ),
    "a default changes": (f"{FIELD}/paid/default", True, "$.paid: the default changed"),
    "a default goes": (f"{FIELD}/paid/default", ..., "$.paid: the default changed"),
    "a choice gets an alternative": (
        f"{FIELD}/place/oneOf/-",
        {"type": "null"},
        "$.place.oneOf: has 3 members instead of 2",
    ),
    "a choice has two of one type": (
        f"{FIELD}/ended_at/anyOf/-",
        {"type": "string", "format": "date"},
        "$.ended_at: has 2 alternatives of one type instead of 1",
    ),
    "a member of a choice changes": (
        f"{FIELD}/place/oneOf/1",
        {"type": "integer"},
        "$.place.oneOf[1]: string is accepted no more",
    ),
    "a keyword we know nothing of appears": (
        "dependentRequired",
        {"code": ["area"]},
        "$: dependentRequired was added",
    ),
}


@walks.over(BREAKING)
def test_refused_when(change):
    path, value, reason = change

    found = incompatibilities(RELEASED, changed(path, value))

    assert any(line.startswith(reason) for line in found), found


ADDED_WHEN_REVERSED = {"a field is removed", "a required field is removed"}


@walks.over({name: BREAKING[name] for name in BREAKING.keys() - ADDED_WHEN_REVERSED})
def test_refused_the_other_way_round_too_when(change):
    """Both readers must live, so a change that may not happen may not be undone either."""
    path, value, _ = change

    assert incompatibilities(changed(path, value), RELEASED)


def with_renamed_definition() -> dict[str, Any]:
    schema = changed("$defs/Way", RELEASED["$defs"]["Channel"])
    schema["properties"]["channel"] = {"$ref": "#/$defs/Way"}
    del schema["$defs"]["Channel"]
    return schema


HARMLESS = {
    "nothing changes": deepcopy(RELEASED),
    "an optional field is added": changed(f"{FIELD}/floor", {"type": "integer", "default": 0}),
    "an optional nested field is added": changed(
        "$defs/Theme/properties/label", {"type": "string"}
    ),
    "a title changes": changed("title", "接待完成"),
    "a field's title changes": changed(f"{FIELD}/visit_id/title", "编号"),
    "a description and examples are added": changed(
        f"{FIELD}/area", RELEASED["properties"]["area"] | {"description": "x", "examples": ["1"]}
    ),
    "labels of codes change": changed("$defs/Channel/x-labels", {"web": "电脑"}),
    "a field is deprecated": changed(f"{FIELD}/code/deprecated", True),
    "codes are listed in another order": changed("$defs/Channel/enum", ["phone", "web"]),
    "required fields are listed in another order": changed(
        "required", ["channel", "headcount", "area", "visit_id"]
    ),
    "a definition is renamed": with_renamed_definition(),
    "a definition is written out": changed(f"{FIELD}/channel", RELEASED["$defs"]["Channel"]),
    "null comes first": changed(
        f"{FIELD}/ended_at/anyOf", [{"type": "null"}, {"type": "string", "format": "date-time"}]
    ),
    "what was implied is said": changed("additionalProperties", True),
    "an open list gets a code": changed(f"{FIELD}/reason/anyOf/0/enum/-", "illness"),
    "an open list loses a code": changed(
        f"{FIELD}/reason/anyOf", [{"type": "string"}, {"enum": [], "type": "string"}]
    ),
}


@walks.over(HARMLESS)
def test_allowed_when(schema):
    assert incompatibilities(RELEASED, schema) == []


def test_every_reason_is_told_not_the_first_alone():
    schema = changed(f"{FIELD}/headcount/minimum", 2)
    schema["required"].append("paid")
    schema["$defs"]["Channel"]["enum"].append("fax")

    assert len(incompatibilities(RELEASED, schema)) == 3


def test_every_field_of_a_changed_definition_is_named():
    schema = changed(f"{FIELD}/heard_by", {"$ref": "#/$defs/Channel"})
    stricter = deepcopy(schema)
    stricter["$defs"]["Channel"]["enum"].append("fax")

    told = incompatibilities(schema, stricter)

    assert [line.partition(":")[0] for line in told] == ["$.channel", "$.heard_by"]


def test_an_event_that_is_published_no_more_breaks_its_promise_and_a_new_one_does_not():
    assert broken_promises({"old": RELEASED}, {"new": RELEASED}) == {
        "old": ["is published no more; its subscribers wait in vain"]
    }
    assert broken_promises({"old": RELEASED}, {"old": RELEASED, "new": RELEASED}) == {}
