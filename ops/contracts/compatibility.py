"""When a schema may replace a released one: both readers must accept what both publishers write.

Within one major version yesterday's subscriber reads tomorrow's events, and tomorrow's reader reads
all events ever published, which lie in the stream for ever. So a change of shape is harmless only
when it adds an optional field or says the same in other words. A field is open for new codes when
it accepts any text beside the codes it lists (`anyOf` of an `enum` and a plain string).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]

ANNOTATIONS = frozenset(
    {
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "default",  # compared where it stands
        "deprecated",
        "description",
        "examples",
        "readOnly",
        "title",
        "writeOnly",
    }
)
"""Keywords that reject no value. `x-...` are annotations too."""

LOWER = frozenset(
    {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"}
)
UPPER = frozenset(
    {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"}
)
SHAPE = frozenset({"type", "properties", "required", "additionalProperties", "items", "enum"})
LISTS = frozenset({"oneOf", "allOf", "prefixItems"})

_JSON_TYPE = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
_ABSENT = object()


def broken_promises(
    released: Mapping[str, Schema], current: Mapping[str, Schema]
) -> dict[str, list[str]]:
    """What each released schema's subscribers would stumble over; empty when nothing."""
    found = {
        name: incompatibilities(schema, current[name])
        if name in current
        else ["is published no more; its subscribers wait in vain"]
        for name, schema in released.items()
    }
    return {name: reasons for name, reasons in found.items() if reasons}


def incompatibilities(old_schema: Schema, new_schema: Schema) -> list[str]:
    """Why `new_schema` may not replace `old_schema`, one line a reason; empty when it may."""
    return list(_Comparison(old_schema, new_schema).node(old_schema, new_schema, "$"))


@dataclass
class _Comparison:
    old_root: Schema
    new_root: Schema
    under_way: set[tuple[int, int]] = field(default_factory=set)
    """Pairs of nodes being compared, so that recursive definitions end."""

    def node(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        pair = (id(old), id(new))
        if pair in self.under_way:
            return
        self.under_way.add(pair)
        yield from self._node(old, new, path)
        self.under_way.remove(pair)

    def _node(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        defaults = [
            _resolved(root, node).get("default", _ABSENT)
            for root, node in ((self.old_root, old), (self.new_root, new))
        ]
        if defaults[0] != defaults[1]:
            yield f"{path}: the default changed, so events without the field change their meaning"
        olds, news = _by_type(self.old_root, old), _by_type(self.new_root, new)
        for gone in olds.keys() - news.keys():
            yield f"{path}: {gone} is accepted no more, but was published"
        for added in news.keys() - olds.keys():
            yield f"{path}: may now be {added}, which old subscribers refuse"
        for kind in sorted(olds.keys() & news.keys()):
            yield from self._alternatives(olds[kind], news[kind], path)

    def _alternatives(self, old: list[Schema], new: list[Schema], path: str) -> Iterator[str]:
        if len(old) != len(new):
            yield f"{path}: has {len(new)} alternatives of one type instead of {len(old)}"
            return
        for before, after in zip(old, new, strict=True):
            yield from self._leaf(before, after, path)

    def _leaf(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        yield from self._object(old, new, path)
        yield from _codes(old, new, path)
        if "items" in old or "items" in new:
            yield from self._either(old.get("items", True), new.get("items", True), f"{path}[]")
        for keyword in sorted(old.keys() | new.keys()):
            before, after = old.get(keyword), new.get(keyword)
            if keyword in LISTS:
                yield from self._lists(before or [], after or [], f"{path}.{keyword}")
            elif keyword not in SHAPE | ANNOTATIONS and not keyword.startswith("x-"):
                yield from _limits(keyword, before, after, path)

    def _object(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        others = old.get("additionalProperties", True)
        for name in sorted(needs - needed):
            yield f"{path}.{name}: is now required, but events without it were published"
        for name in sorted(needed - needs):
            yield f"{path}.{name}: is required no more, but old subscribers rely on it"
        for name in sorted(before.keys() - after.keys()):
            yield f"{path}.{name}: was removed"
        for name in sorted(after.keys() - before.keys()) if others is not True else ():
            yield f"{path}.{name}: was added where old subscribers accept no further field"
        for name in (name for name in before if name in after):
            yield from self.node(before[name], after[name], f"{path}.{name}")
        yield from self._either(others, new.get("additionalProperties", True), f"{path}.*")

    def _either(self, old: Any, new: Any, path: str) -> Iterator[str]:
        """Places where a schema or a plain yes or no may stand."""
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self.node(old, new, path)
        elif old != new:
            yield f"{path}: was opened or closed for other values"

    def _lists(self, old: list[Schema], new: list[Schema], path: str) -> Iterator[str]:
        if len(old) != len(new):
            yield f"{path}: has {len(new)} members instead of {len(old)}"
            return
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from self.node(before, after, f"{path}[{index}]")


def _limits(keyword: str, old: Any, new: Any, path: str) -> Iterator[str]:
    """A tighter limit refuses what was published; a looser one lets old subscribers refuse."""
    if old == new:
        return
    if keyword in LOWER | UPPER and old is not None and new is not None:
        word = "tightened" if (new > old) == (keyword in LOWER) else "loosened"
    else:
        word = "added" if old is None else "removed" if new is None else "changed"
    yield f"{path}: {keyword} was {word} ({old!r} to {new!r})"


def _codes(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = old.get("enum"), new.get("enum")
    if before is None or after is None:
        if before != after:
            yield f"{path}: was {'opened for' if before else 'closed to'} values beyond its codes"
        return
    for value in before:
        if value not in after:
            yield f"{path}: the code {value!r} was removed, but was published"
    for value in after:
        if value not in before:
            yield f"{path}: the code {value!r} is new to old subscribers"


def _by_type(root: Schema, node: Schema) -> dict[str, list[Schema]]:
    """The alternatives a value may take, by JSON type; codes listed beside any text drop out."""
    found: dict[str, list[Schema]] = {}
    for branch in _branches(root, node):
        found.setdefault(branch["type"], []).append(branch)
    texts = found.get("string", [])
    if any(_is_any_text(text) for text in texts):
        found["string"] = [{"type": "string"}]
    return found


def _is_any_text(branch: Schema) -> bool:
    return all(key == "type" or key in ANNOTATIONS or key.startswith("x-") for key in branch)


def _branches(root: Schema, node: Schema) -> Iterator[Schema]:
    node = _resolved(root, node)
    if "anyOf" in node:
        beside = {key: value for key, value in node.items() if key not in {"anyOf", *ANNOTATIONS}}
        for branch in node["anyOf"]:
            yield from _branches(root, {**beside, **branch})
        return
    if "const" in node:
        node = {"enum": [node["const"]], **{k: v for k, v in node.items() if k != "const"}}
    types = node.get("type") or sorted({_JSON_TYPE[type(value)] for value in node.get("enum", ())})
    for kind in [types] if isinstance(types, str) else types or ["anything"]:
        yield {**node, "type": kind}


def _resolved(root: Schema, node: Schema) -> Schema:
    """The node with the definition it refers to; what stands beside `$ref` overrides titles."""
    while "$ref" in node:
        target: Any = root
        for step in node["$ref"].removeprefix("#").strip("/").split("/"):
            if step:
                target = target[step.replace("~1", "/").replace("~0", "~")]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node
