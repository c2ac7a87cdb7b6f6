"""What an event must say: `services/README.md`, trap 16."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ops.lint.source import Code, Finding, Module

CHANGES = frozenset(
    """advanced attended changed corrected located moved reassessed reassigned rebased reclassified
    redirected regraded replaced rescheduled star-raised""".split()  # noqa: SIM905
)
"""What happened, by the last word of its type, to something that figures had counted otherwise."""

ENDS = frozenset(
    """cancelled closed declined departed disbanded dissolved ended expired lapsed miss-retracted
    parted refused released removed retired retracted reversed unpaired vacated voided
    withdrawn""".split()  # noqa: SIM905
)

EXCUSED: Mapping[str, str] = {
    "jiceng.bases.package.changed.v1": "no figure splits or adds by what is in a package",
    "jiceng.bases.series.changed.v1": "every booking that moved says so itself",
    "jiceng.membership.book-entry.ended.v1": "tasks have a `state`, registers are what ends",
    "jiceng.membership.headcount.withdrawn.v1": "no figure splits by the years that are meant",
    "jiceng.membership.profile-number.corrected.v1": "`change` is the difference to before",
    "jiceng.membership.profile-number.rebased.v1": "`change` is the difference to before",
}
"""Events that say less, and why that does."""

EVENT = "contracts.event.Event"
CODES = frozenset({"enum.StrEnum", "contracts.kinds.labelled.Labelled"})
REASON = "reason"
"""Why something began is nothing that ends with it."""

Classes = Mapping[str, tuple[Module, ast.ClassDef]]


class Fact(NamedTuple):
    module: Module
    node: ast.ClassDef
    type: str
    base: str
    fields: Mapping[str, str]
    """By name, where the class of each is defined; with those of its bases."""

    @property
    def thing(self) -> str:
        return self.type.rsplit(".", 2)[0]

    @property
    def happened(self) -> str:
        return self.type.rsplit(".", 2)[1]


def says_what_was(code: Code) -> Iterator[Finding]:
    """Figures could not take back what had been counted: nothing said as what it had been.

    Who reads events has no table to look at. So a correction says `was_...` for what it changes,
    and an end says again, or as `was_...`, every kind and code that the beginning said: by these
    figures split what they take back. The beginning is the first event of the same thing and base,
    or the first of the thing for one that has no base with others.
    """
    classes = {
        f"{module.name}.{node.name}": (module, node)
        for module in code.modules
        for node in module.tree.body
        if isinstance(node, ast.ClassDef)
    }
    begun: dict[tuple[str, str], Fact] = {}
    for fact in _facts(code, classes):
        of_thing = begun.setdefault((fact.thing, EVENT), fact)
        first = of_thing if fact.base == EVENT else begun.setdefault((fact.thing, fact.base), fact)
        if fact.type in EXCUSED:
            continue
        was = {name.removeprefix("was_") for name in fact.fields if name.startswith("was_")}
        lost = ", ".join(sorted(_codes(code, first, classes) - was - set(fact.fields)))
        name = fact.node.name
        if fact.happened in CHANGES and not was:
            yield Finding(fact.module, fact.node, f"{name} changes something, and has no was_...")
        if fact.happened in ENDS and lost:
            says = f"{name} ends what {first.node.name} began, and does not say its {lost}"
            yield Finding(fact.module, fact.node, says)


def _facts(code: Code, classes: Classes) -> Iterator[Fact]:
    """Events that have a type, in the order in which they are declared."""
    for module, node in classes.values():
        for line in node.body:
            if (
                isinstance(line, ast.AnnAssign)
                and ast.unparse(line.target) == "type"
                and isinstance(line.value, ast.Constant)
            ):
                base = code.defined(module, node.bases[0])
                fields = _fields(code, module, node, classes)
                yield Fact(module, node, str(line.value.value), base, fields)


def _fields(code: Code, module: Module, node: ast.ClassDef, classes: Classes) -> dict[str, str]:
    found: dict[str, str] = {}
    for base in node.bases:
        if (known := classes.get(code.defined(module, base))) is not None:
            found |= _fields(code, *known, classes)
    for line in node.body:
        if isinstance(line, ast.AnnAssign):
            some = line.annotation
            of = some.left if isinstance(some, ast.BinOp) else some  # X of `X | None`
            found[ast.unparse(line.target)] = code.defined(module, of)
    return found


def _codes(code: Code, fact: Fact, classes: Classes) -> set[str]:
    return {
        name
        for name, of in fact.fields.items()
        if name != REASON and (name.endswith("kind") or _is_code(code, of, classes))
    }


def _is_code(code: Code, of: str, classes: Classes) -> bool:
    if of not in classes:
        return False
    module, node = classes[of]
    return any(code.defined(module, base) in CODES for base in node.bases)
