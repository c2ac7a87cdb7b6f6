"""`make walk ROOM=wishes`: just the tests that a change in one room needs, found by name.

A room is a module or package that layers of a service share (services/README.md). To it belong the
tests whose file is named for it, those that import its rules or handlers, those that name its
events where figures are tested, and those that speak of it and are named for its package or for no
room at all (for whatever room, where no test of routes is named for it). Of the checks of contracts
run those of its events.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from contracts.catalogue import EVENTS
from ops.lint.source import Module, read

LAYERS = ("domain", "tables", "handlers", "api")
DECIDING = ("domain", "handlers")
FIGURES, SHEETS = "projector", "ledger"
PYTEST = (sys.executable, "-m", "pytest", "--quiet")


@dataclass(frozen=True)
class Test:
    path: Path
    text: str

    @cached_property
    def level(self) -> str:
        return self.path.parts[1]

    @cached_property
    def about(self) -> str:
        """The service, or `projector` for figures, `ledger` for sheets."""
        return self.path.parent.name

    @cached_property
    def origins(self) -> list[str]:
        return [f"{origin}." for origin in Module.of(self.path, self.text).origins.values()]

    def imports(self, module: Module) -> bool:
        return any(origin.startswith(f"{module.name}.") for origin in self.origins)

    def says(self, name: str) -> bool:
        return _says(self.text, name)


@dataclass(frozen=True)
class House:
    """The rooms and the tests below `root`."""

    root: Path = Path()

    @cached_property
    def modules(self) -> Sequence[Module]:
        services = [path.parent.name for path in sorted(self.root.glob("services/*/handlers"))]
        layers = [f"services/{service}/{layer}" for service in services for layer in LAYERS]
        return read(self.root, layers).modules

    @cached_property
    def rooms(self) -> frozenset[str]:
        """What lies at the top of a layer, and what a package has in more layers than one."""
        seen: dict[str, set[str]] = {}
        for module in self.modules:
            for depth, name in enumerate(_within(module)[:2]):
                seen.setdefault(name, set()).update([module.layer] if depth else LAYERS)
        return frozenset(name for name, layers in seen.items() if len(layers) > 1)

    @cached_property
    def tests(self) -> dict[Test, frozenset[str]]:
        """With the rooms that each is named for."""
        paths = [
            path
            for level in ("unit", "service")
            for path in sorted((self.root / "tests" / level).rglob("test_*.py"))
        ]
        return {
            Test(path.relative_to(self.root), path.read_text("utf-8")): frozenset(
                room for room in self.rooms if _says(path.stem, room)
            )
            for path in paths
        }

    def events_of(self, room: str) -> dict[str, str]:
        """Names and types of the events that its rules and handlers know."""
        known = {name for module in self._deciding(room) for name in module.origins}
        return {event.__name__: type_ for type_, event in EVENTS.items() if event.__name__ in known}

    def tests_of(self, room: str) -> list[Path]:
        """Files below `root`."""
        modules = self._modules(room)
        about = {*(module.path.parts[1] for module in modules), FIGURES, SHEETS}
        tests = {test: named for test, named in self.tests.items() if test.about in about}
        lodging = frozenset({room, *(_within(module)[0] for module in modules)})
        if not any(test.level == "service" and named & lodging for test, named in tests.items()):
            lodging = self.rooms
        events, deciding = self.events_of(room), self._deciding(room)
        return [
            test.path
            for test, named in tests.items()
            if room in named
            or any(map(test.imports, deciding))
            or (test.about == FIGURES and any(map(test.says, events)))
            or (test.about != FIGURES and named <= lodging and test.says(room))
        ]

    def _modules(self, room: str) -> list[Module]:
        return [module for module in self.modules if room in _within(module)]

    def _deciding(self, room: str) -> list[Module]:
        return [module for module in self._modules(room) if module.layer in DECIDING]


def _within(module: Module) -> tuple[str, ...]:
    """`("volunteering", "wishes")` of `services/membership/api/volunteering/wishes.py`."""
    return tuple(module.name.split(".")[3:])


def _says(text: str, name: str) -> bool:
    """As a word, or as a part of one between underscores."""
    return re.search(rf"(?<![a-zA-Z]){name}(?![a-zA-Z])", text) is not None


def main(room: str, *options: str) -> int:
    """Run them; 2 for no such room. `options` are pytest's."""
    house = House()
    if room not in house.rooms:
        near = get_close_matches(room, house.rooms, n=5, cutoff=0.5) or sorted(house.rooms)
        print(f"There is no room {room or '(say ROOM=...)'}. There is: {', '.join(near)}")
        return 2
    files = house.tests_of(room)
    print(f"{room}: {' '.join(map(str, files))}")
    ran = subprocess.run([*PYTEST, *options, *files], check=False).returncode
    if types := " or ".join(house.events_of(room).values()):
        checks = [*PYTEST, "tests/contract", "-k", types]
        ran = ran or subprocess.run(checks, check=False).returncode
    return ran


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
