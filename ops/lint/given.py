"""Rules are pure: `CONTRIBUTING.md`, house rules."""

import ast
from collections.abc import Iterator

from ops.lint.source import Code, Finding, Function, calls, root, stored

CHANGING = frozenset(
    """add append clear discard extend insert pop popitem remove reverse setdefault sort
    update""".split()  # noqa: SIM905
)


def domain_leaves_what_it_is_given(code: Code) -> Iterator[Finding]:
    """What a rule is given may be a row: what it wrote there was stored, although it then refused.

    A state is the base of its row, so that nothing is copied between them. And a correction is
    told by comparing what was with what is: a rule that writes to what was finds them equal. So a
    rule makes another state, or says in its event what is new.
    """
    for module in code.modules:
        if module.layer == "domain":
            for function in module.functions:
                for node in _written(function):
                    says = f"{ast.unparse(node)} writes to what {function.name} is given"
                    yield Finding(module, node, says)


def _written(function: Function) -> Iterator[ast.expr]:
    """What is assigned, deleted or changed below a parameter that still is what was given."""
    nodes = list(ast.walk(function))
    given = {node.arg for node in nodes if isinstance(node, ast.arg)} - {"self"}
    given -= {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    yield from (target for target in stored(nodes) if root(target) in given)
    for call in calls(nodes):
        of = call.func
        if isinstance(of, ast.Attribute) and of.attr in CHANGING and root(of) in given:
            yield call
