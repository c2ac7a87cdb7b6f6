"""`python -m ops.lint`: what breaks a rule of the house, one a line; `make lint` runs it."""

import sys
from inspect import getdoc
from pathlib import Path

from ops.lint.facts import says_what_was
from ops.lint.given import domain_leaves_what_it_is_given
from ops.lint.locks import lock_reads_anew, no_row_from_before_its_lock
from ops.lint.source import Rule, read
from ops.lint.steps import state_changes_by_step

RULES: tuple[Rule, ...] = (
    lock_reads_anew,
    no_row_from_before_its_lock,
    says_what_was,
    state_changes_by_step,
    domain_leaves_what_it_is_given,
)
FOLDERS = ("contracts", "services")


def main() -> int:
    """1 where something breaks a rule; each rule that was broken says once why it is one."""
    code = read(Path(), FOLDERS)
    broken = {rule: list(rule(code)) for rule in RULES}
    for rule, findings in broken.items():
        for finding in findings:
            print(f"{finding.module.path}:{finding.node.lineno}: {finding.says}")
        if findings:
            print(f"  {rule.__name__}: {getdoc(rule)}\n")
    return int(any(broken.values()))


if __name__ == "__main__":
    sys.exit(main())
