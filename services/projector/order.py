"""In which order events count: each aggregate by its versions, 1, 2, 3, without a gap. Pure.

The streams give no order between aggregates, and may repeat or, after an accident, skip. What is
repeated is dropped. What comes too early, or cannot be read, is parked, and what follows of its
aggregate is parked behind it. When the missing event comes after all, everything behind it is
folded. So the model depends on which events there are, never on how they arrived.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.projector.fold import Fact, Name, Told


@dataclass
class Known:
    """What the model knows of the aggregates a batch is about. `settle` keeps it up to date."""

    versions: dict[UUID, int] = field(default_factory=dict)
    """Version of the last event folded or waived; absent means none."""
    parked: dict[UUID, dict[int, Told]] = field(default_factory=dict)
    waived: Mapping[UUID, frozenset[int]] = field(default_factory=dict)
    """Versions that an operator decided to do without."""


@dataclass
class Outcome:
    """What a batch changes. `parked` enter the lot, `freed` are the keys that leave it."""

    folded: list[Told] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    parked: dict[str, Told] = field(default_factory=dict)
    freed: set[str] = field(default_factory=set)
    dropped: int = 0

    @property
    def facts(self) -> list[Fact]:
        return [fact for told in self.folded for fact in told.facts]

    @property
    def names(self) -> list[Name]:
        """The last name of each thing."""
        last = {told.name[:2]: told.name for told in self.folded if told.name is not None}
        return list(last.values())

    @property
    def recorded_at(self) -> datetime | None:
        """When the newest of the folded events was recorded."""
        times = (told.recorded_at for told in self.folded if told.recorded_at is not None)
        return max(times, default=None)


def settle(batch: Iterable[Told], known: Known) -> Outcome:
    """Sort a batch, in the order it was read, into folded, dropped and parked."""
    outcome = Outcome()
    for told in batch:
        aggregate_id = told.aggregate_id
        if aggregate_id is None:
            outcome.parked[told.key] = told
            continue
        at = known.versions.get(aggregate_id, 0)
        if told.version <= at:
            outcome.dropped += 1
            continue
        if told.version == at + 1 and told.problem is None and aggregate_id not in known.waived:
            _count(aggregate_id, told, known, outcome)
        else:
            _park(aggregate_id, told, known, outcome)
        if aggregate_id in known.parked or aggregate_id in known.waived:
            follow(aggregate_id, known, outcome)
    return outcome


def follow(aggregate_id: UUID, known: Known, outcome: Outcome) -> None:
    """Fold what waited for the version just reached, and pass over what was waived."""
    lot = known.parked.get(aggregate_id, {})
    waived = known.waived.get(aggregate_id, frozenset())
    while True:
        following = known.versions.get(aggregate_id, 0) + 1
        told = lot.get(following)
        if following in waived:
            known.versions[aggregate_id] = outcome.versions[aggregate_id] = following
        elif told is not None and told.problem is None:
            _count(aggregate_id, told, known, outcome)
        else:
            break
        if told is not None:
            _free(lot.pop(following), outcome)
    if not lot:
        known.parked.pop(aggregate_id, None)


def _count(aggregate_id: UUID, told: Told, known: Known, outcome: Outcome) -> None:
    outcome.folded.append(told)
    known.versions[aggregate_id] = outcome.versions[aggregate_id] = told.version


def _park(aggregate_id: UUID, told: Told, known: Known, outcome: Outcome) -> None:
    """Of two events that claim one version, the readable one waits, then the one of lower id."""
    lot = known.parked.setdefault(aggregate_id, {})
    rival = lot.get(told.version)
    if rival is not None:
        if (rival.problem is not None, rival.key) <= (told.problem is not None, told.key):
            return
        _free(rival, outcome)
    lot[told.version] = told
    outcome.parked[told.key] = told


def _free(told: Told, outcome: Outcome) -> None:
    outcome.parked.pop(told.key, None)
    outcome.freed.add(told.key)
