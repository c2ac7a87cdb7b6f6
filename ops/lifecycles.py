"""`python -m ops.lifecycles [--check]`: draws every lifecycle into `services/README.md`.

What is drawn is what the rules obey: the tables stand in the domain of each room.
"""

import importlib
import pkgutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.chassis.lifecycle import Lifecycle

README = Path(__file__).parents[1] / "services" / "README.md"
START = "<!-- lifecycles:start, written by `python -m ops.lifecycles` -->"
END = "<!-- lifecycles:end -->"
FENCE = "```mermaid"
KEEPERS = ("membership", "bases", "cobuilding")


def lifecycles() -> Iterator[tuple[str, Lifecycle[Any]]]:
    """All of the platform, each with the module of rules that states it."""
    seen: set[int] = set()
    for service in KEEPERS:
        domain = importlib.import_module(f"services.{service}.domain")
        for found in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
            for value in vars(importlib.import_module(found.name)).values():
                if isinstance(value, Lifecycle) and id(value) not in seen:
                    seen.add(id(value))
                    yield found.name, value


def markdown() -> str:
    drawn = [line for module, life in lifecycles() for line in _drawn(module, life)]
    opened = f"\n<details><summary>{drawn.count(FENCE)} drawings</summary>"
    return "\n".join((opened, *drawn, "\n</details>"))


def _drawn(module: str, life: Lifecycle[Any]) -> Iterator[str]:
    _, service, _, *room = module.split(".")
    yield f"\n#### {life.zh} {life.called} (`{service}/domain/{'/'.join(room)}`)\n"
    yield FENCE
    yield "stateDiagram-v2"
    for state in life.states:
        yield f"    {_id(state)}: {state.label} {state}"
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for begin in life.begins:
        arrows["[*]", _id(begin.to)].append(begin.zh)
    for step in life.steps:
        for state in life.states:
            if state in step.since:
                label = f"{step.zh}（定时）" if step.clock else step.zh
                arrows[_id(state), _id(step(state))].append(label)
    for (since, to), labels in arrows.items():
        yield f"    {since} --> {to}: {'、'.join(labels)}"
    yield "```"


def _id(state: Any) -> str:
    return str(state).replace("-", "_")


def written_into(readme: str) -> str:
    """The README with its drawings replaced. Raises `ValueError` when the markers are gone."""
    before, _, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md needs the lines {START!r} and {END!r}")
    return f"{before}{START}\n{markdown()}\n{END}{after}"


def main(arguments: list[str]) -> int:
    readme = README.read_text("utf-8")
    wanted = written_into(readme)
    if wanted == readme:
        return 0
    if "--check" in arguments:
        print("stale: services/README.md; run `make contracts`")
        return 1
    README.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
