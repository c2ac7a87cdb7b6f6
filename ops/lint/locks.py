"""Rows that are held: `services/README.md`, traps 6 and 10."""

import ast
from collections.abc import Iterator

from ops.lint.source import Code, Finding, Function, Module, calls, has, own, root, stored

ROWS = "services.chassis.rows"


def lock_reads_anew(code: Code) -> Iterator[Finding]:
    """Two edits of one version met at the log and answered 500 instead of 412.

    A row that was read before its lock keeps its old version in the session: SQLAlchemy hands out
    the object it has, however new the locked row is. So a query locks by `rows.for_update`, and a
    `get` with `with_for_update` says `populate_existing`, too.
    """
    for module in code.modules:
        for call in calls(module.nodes):
            by_hand = isinstance(call.func, ast.Attribute) and call.func.attr == "with_for_update"
            if by_hand and module.name != ROWS:
                yield Finding(module, call, "lock rows by rows.for_update, which reads them anew")
            if has(call, "with_for_update") and not has(call, "populate_existing"):
                yield Finding(module, call, "a lock without populate_existing may give an old row")


def no_row_from_before_its_lock(code: Code) -> Iterator[Finding]:
    """A booking that had waited for its slot was judged by what was read before it waited.

    Whoever must know what to lock first asks for just that, `(await tables.claim(session,
    key)).post_id`, and keeps no row: one that has a name is soon decided by. So a handler names no
    row that it reads without and then again with its lock, and writes to none that it read without.
    What can be locked is what takes `lock`.
    """
    lockable = {
        f"{module.name}.{function.name}"
        for module in code.modules
        for function in module.functions
        if any(parameter.arg == "lock" for parameter in function.args.kwonlyargs)
    }
    for module in code.modules:
        if module.layer == "handlers":
            for function in module.functions:
                reads = [
                    call
                    for call in calls(own(function))
                    if code.defined(module, call.func) in lockable
                ]
                yield from _kept(module, function, reads)


def _kept(module: Module, function: Function, reads: list[ast.Call]) -> Iterator[Finding]:
    named = {
        node.value.value: node.targets[0].id
        for node in own(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Await)
    }
    unlocked = [call for call in reads if call in named and not has(call, "lock")]
    for call in unlocked:
        later = reads[reads.index(call) + 1 :]
        if any(has(read, "lock") and _what(read) == _what(call) for read in later):
            says = f"{named[call]} is read before its lock: ask only for what says where to lock"
            yield Finding(module, call, says)
    names = {named[call] for call in unlocked}
    for target in stored(own(function)):
        if root(target) in names:
            yield Finding(module, target, f"{ast.unparse(target)} is written without a lock")


def _what(call: ast.Call) -> str:
    return ast.unparse(ast.Tuple(elts=[call.func, *call.args]))
