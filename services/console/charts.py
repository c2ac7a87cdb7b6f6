"""Charts drawn on the server as SVG: no script, prints as it looks, colours from the style sheet.

Pure functions. Text is sized by the style sheet, so that a phone can enlarge it; the numbers
themselves stand in a table beside each chart, which is why a chart is one image to a screen reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from markupsafe import Markup

from services.console.wording import number

WIDTH, HEIGHT = 640, 248
LEFT, RIGHT, TOP, BOTTOM = 54, 10, 26, 54
BASELINE = HEIGHT - BOTTOM
MOST_BARS = 24
"""More points than this are drawn as a line: bars would become hairs."""
MOST_VALUES = 14
"""More points than this carry no number on the bar: the numbers would touch."""
MOST_LABELS = 12


@dataclass(frozen=True)
class Point:
    """One step of a trend. `year` is written under the axis where it differs from the last."""

    label: str
    value: float
    year: str = ""
    faint: bool = False
    """Outside the chosen period, drawn for context."""


def nice_scale(highest: float, steps: int = 4) -> list[float]:
    """Round marks from 0 to at least `highest`; whole numbers, since all we count is whole."""
    raw = max(highest, 1) / steps
    magnitude = 10 ** floor(log10(raw)) if raw >= 1 else 1
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= raw)
    step = ceil(step)
    return [step * i for i in range(ceil(max(highest, 1) / step) + 1)]


def trend(points: Sequence[Point], *, description: str) -> Markup:
    """Bars for a short row of points, a line for a long one. `description` is read aloud."""
    scale = nice_scale(max((p.value for p in points), default=0))
    body = _bars(points, scale[-1]) if len(points) <= MOST_BARS else _line(points, scale[-1])
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {w} {h}" aria-label="{label}">{inner}</svg>'
    ).format(
        w=WIDTH,
        h=HEIGHT,
        label=description,
        inner=_grid(scale) + body + _axis(points),
    )


def share_bar(share: float) -> Markup:
    """A horizontal bar of a table row; decoration, since the number stands beside it."""
    width = f"{max(0.0, min(share, 1.0)) * 100:.1f}"
    return Markup(
        '<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="share-track" width="100" height="8"/>'
        '<rect class="share-fill" width="{}" height="8"/></svg>'
    ).format(width)


def _x(index: int, count: int) -> float:
    """Middle of a point's slot."""
    slot = (WIDTH - LEFT - RIGHT) / max(count, 1)
    return LEFT + slot * (index + 0.5)


def _y(value: float, top: float) -> float:
    return BASELINE - (BASELINE - TOP) * value / top


def _text(x: float, y: float, words: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(kind, x, y, words)


def _joined(parts: Sequence[Markup]) -> Markup:
    return Markup("").join(parts)


def _grid(scale: Sequence[float]) -> Markup:
    lines = []
    for mark in scale:
        y = _y(mark, scale[-1])
        kind = "axis" if mark == 0 else "rule"
        line = Markup('<path class="{}" d="M{} {:.1f}H{}"/>').format(kind, LEFT, y, WIDTH - RIGHT)
        lines += [line, _text(LEFT - 8, y + 4, number(mark), "tick")]
    return _joined(lines)


def _axis(points: Sequence[Point]) -> Markup:
    """Every month with its year below; of a long row only the years, each at its January."""
    count = len(points)
    if count > MOST_BARS:
        januaries = [i for i, point in enumerate(points) if point.label == "1月"]
        every = ceil(len(januaries) / MOST_LABELS)
        return _joined(
            [_text(_x(i, count), BASELINE + 8, points[i].year, "label") for i in januaries[::every]]
        )
    every = ceil(count / MOST_LABELS)
    shown = range(0, count, every or 1)
    words = [_text(_x(i, count), BASELINE + 8, points[i].label, "label") for i in shown]
    firsts = [i for i in shown if i == 0 or points[i].year != points[i - every].year]
    for at, following in pairwise((*firsts, count + every)):
        if following - at > every * 2 or len(firsts) == 1:  # else it would touch the next
            words.append(_text(_x(at, count), BASELINE + 31, points[at].year, "year"))
    return _joined(words)


def _bars(points: Sequence[Point], top: float) -> Markup:
    slot = (WIDTH - LEFT - RIGHT) / max(len(points), 1)
    width = min(slot * 0.62, 44)
    drawn = []
    for index, point in enumerate(points):
        x, y = _x(index, len(points)), _y(point.value, top)
        if point.value > 0:
            drawn.append(_bar(x - width / 2, y, width, point))
            if len(points) <= MOST_VALUES:
                drawn.append(_text(x, y - 6, number(point.value), "value"))
    return _joined(drawn)


def _bar(x: float, y: float, width: float, point: Point) -> Markup:
    radius = min(2.0, BASELINE - y)
    path = (
        f"M{x:.1f} {BASELINE}V{y + radius:.1f}q0 {-radius:.1f} {radius:.1f} {-radius:.1f}"
        f"h{width - 2 * radius:.1f}q{radius:.1f} 0 {radius:.1f} {radius:.1f}V{BASELINE}z"
    )
    said = f"{point.year}{point.label}：{number(point.value)}"
    kind = "bar faint" if point.faint else "bar"
    return Markup('<path class="{}" d="{}"><title>{}</title></path>').format(kind, path, said)


def _line(points: Sequence[Point], top: float) -> Markup:
    at = [(_x(i, len(points)), _y(p.value, top)) for i, p in enumerate(points)]
    course = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    area = f"{at[0][0]:.1f},{BASELINE} {course} {at[-1][0]:.1f},{BASELINE}"
    dots = [_dot(x, y, p) for (x, y), p in zip(at, points, strict=True) if p.value > 0]
    return (
        Markup('<polygon class="under" points="{}"/><polyline class="course" points="{}"/>').format(
            area, course
        )
        + _peak(points, at)
        + _joined(dots)
    )


def _dot(x: float, y: float, point: Point) -> Markup:
    said = f"{point.year}{point.label}：{number(point.value)}"
    return Markup(
        '<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.4"><title>{}</title></circle>'
    ).format(x, y, said)


def _peak(points: Sequence[Point], at: Sequence[tuple[float, float]]) -> Markup:
    """Only the highest point of a line carries its number."""
    index = max(range(len(points)), key=lambda i: points[i].value)
    if points[index].value <= 0:
        return Markup("")
    x, y = at[index]
    return _text(
        min(max(x, LEFT + 16), WIDTH - RIGHT - 16), y - 8, number(points[index].value), "value"
    )
