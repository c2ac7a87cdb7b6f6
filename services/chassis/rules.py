"""Rules with numbers in them, as data: what is demanded, since when, and by which article.

Pure. A rule is a class whose fields are its numbers; a `Book` holds the versions in force on one
day. `rulebook` keeps them in the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from contracts.kinds.alerts import Severity
from services.chassis.errors import Defect

EVER = date(1, 1, 1)


class Rule(BaseModel):
    """Subclass, name it, and give every number a field with its Chinese title."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: ClassVar[str]
    """Stable and dotted: `branch.minimum`."""
    label: ClassVar[str]
    """Chinese, for people."""


@dataclass(frozen=True)
class Statement:
    """Where a version of a rule comes from, and how hard it is."""

    code: str
    version: str
    effective_from: date
    severity: Severity
    source: str
    """Regulation and article, in Chinese: `《支部工作条例》第四条`."""


@dataclass(frozen=True)
class Stated:
    """One version of one rule: the numbers and where they come from."""

    rule: Rule
    version: str
    effective_from: date
    severity: Severity
    source: str

    @property
    def statement(self) -> Statement:
        return Statement(
            self.rule.code, self.version, self.effective_from, self.severity, self.source
        )


R = TypeVar("R", bound=Rule)


class Book:
    """The rules in force on one day: `book[BranchMinimum].least`."""

    def __init__(self, stated: Iterable[Stated]) -> None:
        self._stated: dict[type[Rule], Stated] = {type(each.rule): each for each in stated}

    @classmethod
    def of(cls, *rules: Rule, severity: Severity = Severity.WARN) -> Self:
        """A book of rules of one's own, for tests and what-if questions."""
        return cls(Stated(rule, "own", EVER, severity, "") for rule in rules)

    def __getitem__(self, rule: type[R]) -> R:
        found: Any = self._of(rule).rule
        return found  # type: ignore[no-any-return]  # filed under its own class

    def statement(self, rule: type[Rule]) -> Statement:
        """For refusals and alerts, which say what they rest on."""
        return self._of(rule).statement

    def _of(self, rule: type[Rule]) -> Stated:
        try:
            return self._stated[rule]
        except KeyError:
            raise Defect(f"no version of {rule.code} was looked up") from None


def by_code(rules: Iterable[type[Rule]]) -> dict[str, type[Rule]]:
    """Raises `Defect` when two rules have one code."""
    found: dict[str, type[Rule]] = {}
    for rule in rules:
        if found.setdefault(rule.code, rule) is not rule:
            raise Defect(f"two rules are called {rule.code}")
    return found
