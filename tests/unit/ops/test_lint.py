"""The rules of the house: each finds what is wrong, and leaves alone what is right."""

from inspect import getdoc
from textwrap import dedent

import pytest

from ops.lint.__main__ import RULES
from ops.lint.facts import says_what_was
from ops.lint.given import domain_leaves_what_it_is_given
from ops.lint.locks import lock_reads_anew, no_row_from_before_its_lock
from ops.lint.source import Code, Module, Rule
from ops.lint.steps import state_changes_by_step

KITES = "services/toys/{}/kites.py"
TABLES = """
async def kite(session, key, *, lock=False): ...
async def loose(session, key): ...
"""
HANDLERS = "from services.toys.tables import kites as tables\n"
READ = "await tables.kite(uow.session, key)"
LOCK = "await tables.kite(uow.session, key, lock=True)"
CONTRACT = """
from enum import StrEnum
from contracts.event import Event

class Wind(StrEnum):
    CALM = "calm"

class KiteEvent(Event):
    kite_kind: str

class KiteFlown(KiteEvent):
    type: ClassVar[str] = "jiceng.toys.kite.flown.v1"
    wind: Wind | None
    reason: Wind
"""


def found(rule: Rule, **layers: str) -> list[str]:
    paths = {layer: KITES.format(layer) for layer in layers} | {"contracts": "contracts/toys.py"}
    texts = {paths[layer]: dedent(text) for layer, text in layers.items()}
    return [finding.says for finding in rule(Code([Module.of(*each) for each in texts.items()]))]


def handler(body: str) -> list[str]:
    lines = "\n    ".join(body.splitlines())
    text = f"{HANDLERS}async def fly(key, uow):\n    {lines}"
    return found(no_row_from_before_its_lock, tables=TABLES, handlers=text)


@pytest.mark.parametrize(
    "wrong",
    [
        "rows = await session.exec(query.with_for_update())",
        "rows = query.with_for_update().execution_options(populate_existing=True)",
        "row = await session.get(Kite, key, with_for_update=lock or None)",
    ],
)
def test_a_lock_that_may_give_an_old_row_is_found(wrong: str) -> None:
    assert len(found(lock_reads_anew, tables=wrong)) == 1


@pytest.mark.parametrize(
    "right",
    [
        "rows = await session.exec(for_update(query, skip_locked=True))",
        "row = await session.get(Kite, key, with_for_update=True, populate_existing=True)",
        "row = await session.get(Kite, key)",
    ],
)
def test_a_lock_that_reads_anew_is_right(right: str) -> None:
    assert found(lock_reads_anew, tables=right) == []


@pytest.mark.parametrize(
    "wrong",
    [
        f"seen = {READ}\nrow = {LOCK}",
        f"row = {READ}\nrow.height = 3",
        f"row = {READ}\nrow.flights[0].height = 3",
    ],
)
def test_a_row_kept_from_before_its_lock_is_found(wrong: str) -> None:
    assert len(handler(wrong)) == 1


@pytest.mark.parametrize(
    "right",
    [
        f"row = {LOCK}\nrow.height = 3",
        f"line_id = ({READ}).line_id\nawait tables.line(line_id, lock=True)\nrow = {LOCK}",
        f"row = {READ}\nreturn row.height",
        f"{LOCK}\nrow = {READ}",
        "row = await tables.loose(uow.session, key)\nrow.height = 3",
    ],
)
def test_a_row_that_is_locked_when_it_is_named_is_right(right: str) -> None:
    assert handler(right) == []


def test_a_lockable_row_is_known_by_the_name_that_its_package_gives_it() -> None:
    package = Module.of(
        "services/toys/tables/__init__.py", "from services.toys.tables.kites import kite\n"
    )
    tables = Module.of(KITES.format("tables"), TABLES)
    text = "from services.toys import tables\nasync def f():\n row = await tables.kite(s, k)\n"
    wrong = Module.of(KITES.format("handlers"), text + " row.height = 3")
    findings = list(no_row_from_before_its_lock(Code([package, tables, wrong])))
    assert [(each.module, each.node.lineno) for each in findings] == [(wrong, 4)]


def event(name: str, happened: str, *fields: str, base: str = "KiteEvent") -> list[str]:
    kind = f'type: ClassVar[str] = "jiceng.toys.kite.{happened}.v1"'
    text = f"{CONTRACT}\nclass {name}({base}):\n    " + "\n    ".join([kind, *fields])
    return found(says_what_was, contracts=text)


def test_a_correction_says_what_was() -> None:
    assert event("KiteChanged", "changed") == ["KiteChanged changes something, and has no was_..."]
    assert event("KiteChanged", "changed", "was_kite_kind: str") == []
    assert event("KiteSeen", "seen") == []


def test_an_end_says_the_kinds_and_codes_of_what_began() -> None:
    beginning = "KiteLost ends what KiteFlown began, and does not say its "
    assert event("KiteLost", "ended") == [beginning + "wind"]
    assert event("KiteLost", "ended", base="Event") == [beginning + "kite_kind, wind"]
    assert event("KiteLost", "ended", "wind: Wind") == []
    assert event("KiteLost", "ended", "was_wind: Wind | None") == []
    assert event("KiteLost", "seen") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "def fly(kite, height):\n    kite.height = height",
        "def fly(kite):\n    kite.flights[0].height += 1",
        "def fly(kite):\n    del kite.height",
        "def fly(kites):\n    kites.sort()",
        "def fly(kite, *flights):\n    kite.flights.append(flights)",
        "def fly(kite):\n    def higher():\n        kite.height = 3",
    ],
)
def test_a_rule_that_writes_to_what_it_is_given_is_found(wrong: str) -> None:
    assert found(domain_leaves_what_it_is_given, handlers=wrong) == []
    assert found(domain_leaves_what_it_is_given, domain=wrong)


@pytest.mark.parametrize(
    "right",
    [
        "def fly(kite, height):\n    return replace(kite, height=height)",
        "def fly(kites):\n    kites = list(kites)\n    kites.sort()\n    return kites",
        "class Kites:\n    def add(self, kite):\n        self.by_code[kite.code] = kite",
        "def fly(kites):\n    high = {}\n    high.update(kites)\n    return high",
    ],
)
def test_a_rule_that_makes_something_new_is_right(right: str) -> None:
    assert found(domain_leaves_what_it_is_given, domain=right) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "row.status = LOST",
        "row.state, row.version = LOST, row.version + 1",
        "row.status = LOST\nuow.announce(event, version=row.version)",
        "row.state = LOST\nother.version += 1\nuow.announce(event, version=other.version)",
        "row.change(status=LOST)",
    ],
)
def test_a_state_that_changes_without_a_step_is_found(wrong: str) -> None:
    lines = "\n    ".join(wrong.splitlines())
    assert (
        len(found(state_changes_by_step, handlers=f"async def lose(row, uow):\n    {lines}")) == 1
    )


@pytest.mark.parametrize(
    "right",
    [
        "uow.step(row, event, at, status=LOST)",
        "row.status, row.version = LOST, row.version + 1\nuow.announce(event, version=row.version)",
        "row.state = LOST\nuow.announce(event, version=1)",
        "row.status, row.version = LOST, row.version + 1\nawait recorded(uow, row, event)",
        "if row.status == LOST:\n    row.change(height=0)",
    ],
)
def test_a_state_that_changes_by_a_step_is_right(right: str) -> None:
    lines = "\n    ".join(right.splitlines())
    assert found(state_changes_by_step, handlers=f"async def lose(row, uow):\n    {lines}") == []


def test_every_rule_tells_what_it_cost() -> None:
    assert all(len((getdoc(rule) or "").splitlines()) > 1 for rule in RULES)
