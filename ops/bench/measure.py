"""Paired measurements: ours and its bound take turns on the same machine, and medians are told."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from statistics import median

from rich.table import Table

Run = Callable[[], Awaitable[float]]
"""One turn; returns a rate."""

ROUNDS = 5


@dataclass(frozen=True)
class Measured:
    """One line of the report. `ratio` is the median of the turns' own ratios.

    `aim` is what the ratio should reach, `most` what it should not exceed.
    """

    name: str
    unit: str
    what: str
    bound_is: str
    ours: float
    bound: float | None = None
    ratio: float | None = None
    aim: float | None = None
    most: float | None = None
    details: dict[str, float] = field(default_factory=dict)

    @property
    def reached(self) -> bool:
        if self.ratio is None:
            return True
        return self.ratio >= (self.aim or self.ratio) and self.ratio <= (self.most or self.ratio)

    @property
    def wanted(self) -> str:
        bounds = (("≥", self.aim), ("≤", self.most))
        return " ".join(f"{sign} {bound}" for sign, bound in bounds if bound is not None)


async def paired(
    name: str,
    *,
    unit: str,
    what: str,
    bound_is: str,
    aim: float,
    ours: Run,
    bound: Run,
    rounds: int = ROUNDS,
) -> Measured:
    """A turn of each to warm up, then `rounds` turns of each, the one that begins alternating."""
    await bound()
    await ours()
    pairs = []
    for turn in range(rounds):
        if turn % 2:
            fast = await bound()
            pairs.append((await ours(), fast))
        else:
            pairs.append((await ours(), await bound()))
    ratios = sorted(mine / fast for mine, fast in pairs)
    return Measured(
        name,
        unit,
        what,
        bound_is,
        ours=median(mine for mine, _ in pairs),
        bound=median(fast for _, fast in pairs),
        ratio=median(ratios),
        aim=aim,
        details={"rounds": rounds, "lowest ratio": ratios[0], "highest ratio": ratios[-1]},
    )


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]


def table_of(measured: list[Measured]) -> Table:
    table = Table(title="Jiceng benchmarks", title_justify="left")
    for heading in ("path", "ours", "bound", "unit", "ratio", "aim", "spread"):
        table.add_column(heading, justify="left" if heading in {"path", "unit"} else "right")
    for one in measured:
        low, high = one.details.get("lowest ratio"), one.details.get("highest ratio")
        table.add_row(
            f"{one.name}\n[dim]{one.what}\n{one.bound_is}[/dim]",
            f"{one.ours:,.1f}",
            "" if one.bound is None else f"{one.bound:,.1f}",
            one.unit,
            "" if one.ratio is None else f"[{'green' if one.reached else 'red'}]{one.ratio:.2f}[/]",
            one.wanted,
            "" if low is None or high is None else f"{low:.2f}–{high:.2f}",
        )
    return table


def document_of(measured: list[Measured]) -> list[dict[str, object]]:
    return [asdict(one) for one in measured]
