"""What every change of state ends with: `CONTRIBUTING.md`, "Lock first, announce last"."""

import ast
from collections.abc import Iterator, Mapping

from ops.lint.source import Code, Finding, Function, calls, has, own, root, stored

STATES = frozenset({"status", "state"})
TELLING = frozenset({"announce", "recorded"})
"""`recorded` is what steps of bookings end with."""

EXCUSED: Mapping[str, str] = {
    "services.bases.handlers.waitlist.offers.release": "an offer never was a booking: decision 0020"
}
"""Functions that tell nobody, and why."""


def state_changes_by_step(code: Code) -> Iterator[Finding]:
    """What was written and not told is known here alone: figures and copies go on without it.

    `uow.step(row, event, at, status=CLAIM.to)` is one call for the state, the version and the
    fact. Whoever assigns a state by hand counts the version and announces in the same function.
    """
    for module in code.modules:
        if module.layer == "handlers":
            for function in module.functions:
                if f"{module.name}.{function.name}" not in EXCUSED:
                    yield from (
                        Finding(module, node, f"{ast.unparse(node)} changes without a step")
                        for node in _changes(function)
                    )


def _changes(function: Function) -> Iterator[ast.expr]:
    """Assigned states of which this function does not tell, or `change` to another."""
    nodes = list(own(function))
    written = [node for node in stored(nodes) if isinstance(node, ast.Attribute)]
    counted = {root(node) for node in written if node.attr == "version"}
    told = [call for call in calls(nodes) if _called(call) in TELLING]
    begun = any(
        word.arg == "version" and isinstance(word.value, ast.Constant)
        for call in told
        for word in call.keywords
    )
    for node in written:
        if node.attr in STATES and not (told and (begun or root(node) in counted)):
            yield node
    for call in calls(nodes):
        if _called(call) == "change" and any(has(call, state) for state in STATES):
            yield call


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]
