"""The life of an aggregate as a table: from which states a command leads to which.

    LIFE = Lifecycle("wish", "微心愿", WishStatus, WishClosed)
    COLLECT = LIFE.begin("collect", "征集", WishStatus.COLLECTED)
    CLAIM = LIFE.step("claim", "认领", {WishStatus.COLLECTED}, WishStatus.CLAIMED)
    EXPIRE = LIFE.step("expire", "到期", {WishStatus.COLLECTED}, WishStatus.EXPIRED, clock=True)

A rule says `CLAIM(wish.status)`, which refuses elsewhere; whoever writes the row says `CLAIM.to`.
What has an invariant of its own (a clock, a signature, a place) stays code beside the table.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from contracts.kinds.labelled import Labelled
from services.chassis.errors import Refusal

S = TypeVar("S", bound=Labelled)


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """`refusal` is raised for every command that has none of its own."""

    called: str
    zh: str
    states: type[S]
    refusal: type[Refusal]
    fact: str = "state"
    """What the problem document calls the state."""
    begins: list["Step[S]"] = field(default_factory=list, compare=False)
    steps: list["Step[S]"] = field(default_factory=list, compare=False)

    def begin(self, called: str, zh: str, to: S) -> "Step[S]":
        """A command that leads into the life."""
        self.begins.append(Step(self, called, zh, {}, to, self.refusal))
        return self.begins[-1]

    def step(
        self,
        called: str,
        zh: str,
        since: Collection[S] | Mapping[S, S],
        to: S | None = None,
        *,
        refusal: type[Refusal] | None = None,
        clock: bool = False,
    ) -> "Step[S]":
        """A command from any of the states `since`; without `to` it leaves each as it is, or leads
        where `since` says for each.

        With `clock` nobody gives it: time does.
        """
        leads = since if isinstance(since, Mapping) else {one: to or one for one in since}
        refusal = refusal or self.refusal
        self.steps.append(Step(self, called, zh, leads, to, refusal, clock))
        return self.steps[-1]

    def open_to(self, state: S) -> list["Step[S]"]:
        """The commands that are possible in a state."""
        return [step for step in self.steps if state in step.since]


@dataclass(frozen=True, eq=False)
class Step(Generic[S]):
    """A row of the table."""

    life: Lifecycle[S] = field(repr=False)
    called: str
    zh: str
    since: Mapping[S, S]
    """The states it is possible in, and where it leads from each."""
    target: S | None
    refusal: type[Refusal]
    clock: bool = False

    def __call__(self, state: S, **facts: object) -> S:
        """The state that follows. Raises the refusal, with `facts`, where it is not possible."""
        if state not in self.since:
            raise self.refused(state, **facts)
        return self.since[state]

    @property
    def to(self) -> S:
        """Where it leads, whatever the state was."""
        if self.target is None:
            raise TypeError(f"where {self.called} leads depends on the state")
        return self.target

    def refused(self, state: S, **more: object) -> Refusal:
        """The one text of all lives: what it is, what was asked, what is possible instead."""
        able = self.life.open_to(state)
        told = [step for step in able if not step.clock]
        english = f"; possible: {', '.join(step.called for step in told)}" if told else ""
        chinese = f"；可以：{'、'.join(step.zh for step in told)}" if told else ""
        facts = {self.life.fact: state, "allowed": sorted({step(state) for step in able} - {state})}
        return self.refusal(
            f"The {self.life.called} is {state}, not open to: {self.called}{english}.",
            zh=f"该{self.life.zh}{state.label}，不能{self.zh}{chinese}。",
            **facts | more,
        )
