"""What a ledger is: a sheet, its columns, and how a row becomes one command."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from ops.ledger.cells import Cell, Parser, Value, choice, shown
from services.chassis.clock import LOCAL

Values = dict[str, Value]
Item = Mapping[str, Any]
"""A thing as its service shows it."""

Vocabulary = Mapping[str, Mapping[str, str]]
"""Family of codes to code to Chinese label."""


@dataclass(frozen=True)
class Fault:
    """One refusal, precise enough to correct the cell without asking anybody."""

    sheet: str
    row: int
    column: str
    value: str
    problem: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. A blank cell of an optional column says nothing about its field."""

    field: str
    heading: str
    takes: str
    """What to write, in Chinese: comment of the heading, and "would be right" of a refusal."""
    parse: Parser | None = None
    family: str | None = None
    """Family of codes the cell is one of; then `parse` is not needed."""
    required: bool = True
    aliases: tuple[str, ...] = ()
    refers: str | None = None
    """Name of the ledger whose code the cell repeats."""
    gives: str = ""
    """Member of the thing referred to that the command carries: its identity."""
    sends: str | None = None
    """Member of the command's body, where it is not `field`; empty when it is no member."""
    calendar_day: bool = False
    """A date is sent as the day it names, not as the instant at which that day begins."""
    ahead: bool = False
    """A date may lie in the future; any other ledger tells what has happened."""
    fixed: bool = False
    """The service has no command that changes it."""
    personal: bool = False
    """The service seals it. It is left out of keys, which could be tried out to find it."""
    example: str = ""
    width: int = 16

    @property
    def member(self) -> str:
        return self.field if self.sends is None else self.sends

    def parser(self, vocabulary: Vocabulary) -> Parser:
        if self.family is not None:
            return choice(vocabulary[self.family])
        if self.parse is None:
            raise TypeError(f"column {self.heading} has neither a parser nor a family")
        return self.parse


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    UNSENT = "unsent"
    """Nothing is known against it, but it was not sent: a dry run, or a service went away."""


@dataclass(eq=False)
class Row:
    """A line of a sheet on its way into a service."""

    ledger: "Ledger"
    sheet: str
    number: int
    cells: Mapping[str, Cell]
    values: Values
    faults: list[Fault] = field(default_factory=list)
    targets: dict[str, "Row | Item"] = field(default_factory=dict)
    """By field, what a reference leads to: a row of the same file or something registered."""
    existing: Item | None = None
    differs: tuple[str, ...] = ()
    """Members in which the row says otherwise than what is registered."""
    occurrence: int = 1
    """1 for the first of the rows of this file that say the same but for personal columns."""
    outcome: Outcome = Outcome.UNSENT

    def refuse(self, field_: str, problem: str, right: str = "") -> None:
        column = self.ledger.column(field_)
        heading = column.heading if column else ""
        value = shown(self.cells.get(field_)) if column else ""
        hint = right or (column.takes if column else "")
        self.faults.append(Fault(self.sheet, self.number, heading, value, problem, hint))
        self.outcome = Outcome.REFUSED

    @property
    def good(self) -> bool:
        return not self.faults

    @property
    def name(self) -> tuple[Value, ...] | None:
        """What names the thing the row is about; None where nothing does or the row is silent."""
        name = tuple(self.values.get(field) for field in self.ledger.named_by)
        return name if name and None not in name else None

    @property
    def said(self) -> list[tuple[str, Value]]:
        """What may go into a digest: everything but personal columns."""
        return sorted((f, v) for f, v in self.values.items() if f not in self.ledger.personal)

    def target(self, name: str) -> Item | None:
        """What a reference leads to, as its service shows it; None before that exists."""
        found = self.targets.get(name)
        return found.existing if isinstance(found, Row) else found


@dataclass(frozen=True)
class Command:
    method: str
    path: str
    body: dict[str, Any]
    key: str
    """Idempotency-Key: the same row gives the same key, whenever and wherever it is imported.

    Personal columns apart: the service keeps keys, and a digest of a number can be tried out.
    """
    version: int | None = None


@dataclass(frozen=True)
class Batch:
    """A command that registers many rows: `{"rows": [...]}` to `path`, `size` at a time.

    It answers with `registered`, `unchanged` and `refused`, each a list of items that name their
    `row`; the first two hold what references lead to. It is safe to repeat by itself, so its key
    is a fresh one: rows that were refused are corrected and sent again.
    """

    path: str
    size: int
    row: Callable[[Row], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything the import knows about one kind of sheet; a new ledger is a new one of these."""

    name: str
    sheet: str
    about: str
    service: str
    collection: str
    """Path that lists what is registered."""
    columns: tuple[Column, ...]
    method: str = "POST"
    path: str
    """Path of the registering command; fields and identities of references fill its braces."""
    named_by: tuple[str, ...] = ("code",)
    """Fields that together name what a row is about; a row that leaves one blank has no name."""
    one: str = ""
    """Path and query that show the thing of a code: `/v1/bases?code={code}`."""
    edit: str = ""
    """Path of the command that changes what is registered."""
    check: Callable[[Row], None] | None = None
    """Rules over several cells, any of which may be None; may fill in what follows from others."""
    settle: Callable[[Row], None] | None = None
    """Rules over what the references lead to."""
    body: Callable[[Row], dict[str, Any]] | None = None
    batch: Batch | None = None
    """For ledgers of thousands of rows: new rows go together."""
    always: Mapping[str, Any] = field(default_factory=dict)
    """Members that every command of this sheet carries, whatever the row says."""
    same: Callable[[Mapping[str, Any]], object] | None = None
    """For rows without a name: equal for a command's body and for the item it made."""
    hears: frozenset[str] = frozenset()
    """Refusals that pass once the service has heard what another one announced."""

    def column(self, name: str) -> Column | None:
        return self._by_field.get(name)

    def column_of_member(self, member: str) -> Column | None:
        """The column that fills a member of the body."""
        return next((c for c in self.columns if member in (c.member, c.field)), None)

    @cached_property
    def personal(self) -> frozenset[str]:
        """Fields that the service seals."""
        return frozenset(column.field for column in self.columns if column.personal)

    @cached_property
    def _by_field(self) -> dict[str, Column]:
        return {column.field: column for column in self.columns}


def body_of(row: Row) -> dict[str, Any]:
    """The body of the registering command, out of the columns alone or by the ledger's own rule."""
    if row.ledger.body is not None:
        return row.ledger.body(row)
    return dict(row.ledger.always) | {
        column.member: sent(row, column)
        for column in row.ledger.columns
        if column.member and row.values.get(column.field) is not None
    }


def sent(row: Row, column: Column) -> object:
    """The cell as a command carries it; a reference becomes the identity of what it leads to."""
    value = row.values.get(column.field)
    if column.gives and value is not None:
        return (row.target(column.field) or {}).get(column.gives)
    if isinstance(value, date) and column.calendar_day:
        return value.isoformat()
    if isinstance(value, date):
        return datetime.combine(value, time(), LOCAL).isoformat()
    return list(value) if isinstance(value, tuple) else value


def digest(*parts: object) -> str:
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:40]
