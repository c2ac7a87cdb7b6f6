"""What a rule reads: modules as syntax trees, and names followed to where they are defined."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
Stored = ast.Attribute | ast.Subscript


@dataclass(frozen=True)
class Module:
    path: Path
    """Below the root of the repository."""
    tree: ast.Module

    @classmethod
    def of(cls, path: Path | str, text: str) -> "Module":
        return cls(Path(path), ast.parse(text))

    @cached_property
    def name(self) -> str:
        """As imports say it."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def layer(self) -> str:
        """`handlers` of `services/bases/handlers/places.py`; empty outside of a service."""
        top, *below = self.path.with_suffix("").parts
        return below[1] if top == "services" and below[1:] else ""

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree))

    @cached_property
    def origins(self) -> dict[str, str]:
        """Imported names by what they stand for: `tables` -> `services.bases.tables.places`."""
        return {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in self.nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    @cached_property
    def functions(self) -> list[Function]:
        """Those inside others, too."""
        return [node for node in self.nodes if isinstance(node, Function)]


@dataclass(frozen=True)
class Code:
    modules: Sequence[Module]

    @cached_property
    def by_name(self) -> dict[str, Module]:
        return {module.name: module for module in self.modules}

    def defined(self, module: Module, name: ast.expr) -> str:
        """Where what `module` calls `name` is defined: `services.bases.tables.places.base`."""
        first, dot, rest = ast.unparse(name).partition(".")
        full = module.origins.get(first, f"{module.name}.{first}") + dot + rest
        while (step := self._handed_on(full)) is not None:
            full = step
        return full

    def _handed_on(self, full: str) -> str | None:
        """What a package's own `__init__` imports from elsewhere."""
        package, _, name = full.rpartition(".")
        known = self.by_name.get(package)
        return known.origins.get(name) if known else None


class Finding(NamedTuple):
    module: Module
    node: ast.stmt | ast.expr
    says: str


Rule = Callable[[Code], Iterator[Finding]]


def read(below: Path, folders: Iterable[str]) -> Code:
    paths = sorted(path for folder in folders for path in (below / folder).rglob("*.py"))
    return Code([Module.of(path.relative_to(below), path.read_text("utf-8")) for path in paths])


def own(function: Function) -> Iterator[ast.AST]:
    """What stands in a function, in the order of the text, but for functions inside it."""
    waiting: list[ast.AST] = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def calls(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    return (node for node in nodes if isinstance(node, ast.Call))


def stored(nodes: Iterable[ast.AST]) -> Iterator[Stored]:
    """Attributes and items that are assigned or deleted."""
    for node in nodes:
        if isinstance(node, Stored) and not isinstance(node.ctx, ast.Load):
            yield node


def has(call: ast.Call, keyword: str) -> bool:
    return any(word.arg == keyword for word in call.keywords)


def root(expression: ast.expr) -> str:
    """`row` of `row.parts[0].at`."""
    while isinstance(expression, Stored):
        expression = expression.value
    return ast.unparse(expression)
