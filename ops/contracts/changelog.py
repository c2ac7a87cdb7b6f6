"""The changelog's headings: a new event gets its own by itself; what changed, people must say."""

import re
from collections.abc import Collection

from contracts.catalogue import EVENTS

HEADING = re.compile(r"^## `(\S+)`.*$", flags=re.MULTILINE)
ADDED = "- Unreleased 未发布: added 新增."


def written_into(changelog: str, current: Collection[str]) -> str:
    """The text with a heading and an entry for each of `current` that has none, in their order."""
    places = [*HEADING.finditer(changelog)]
    ends = [*(place.start() for place in places[1:]), len(changelog)]
    intro = changelog[: places[0].start()]
    entries = {
        place[1]: changelog[place.start() : end].rstrip()
        for place, end in zip(places, ends, strict=True)
    }
    for name in set(current) - entries.keys():
        entries[name] = f"## `{name}` {EVENTS[name].called()}\n\n{ADDED}"
    return intro + "\n\n".join(entries[name] for name in sorted(entries)) + "\n"
