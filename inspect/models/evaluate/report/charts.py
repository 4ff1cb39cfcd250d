"""Charts as inline SVG: lines, bands and bars on two axes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from .markup import Markup, joined, said, tag

WIDTH, HEIGHT = 360, 270
LEFT, RIGHT, TOP, BOTTOM = 52, 20, 10, 40
MOST_TICKS = 6

Points = Sequence[tuple[float, float]]
Words = tuple[str, str]
"""English and Chinese."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows, from where to where; a share is written in per cent."""

    words: Words
    low: float
    high: float
    is_share: bool = True

    def place(self, value: float, length: float) -> float:
        """Return how far along the axis a value lies; what is beyond an end lies at it."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return min(1.0, max(0.0, share)) * length

    def ticks(self) -> Iterable[tuple[float, str]]:
        """Give the round values that are written on the axis, and how."""
        step = _round_step((self.high - self.low) / MOST_TICKS)
        for count in range(ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9) + 1):
            value = count * step
            yield value, f"{100 * value:.3g}%" if self.is_share else f"{value:.4g}"


@dataclass(frozen=True, slots=True)
class Canvas:
    """A chart's axes, and what to draw between them."""

    across: Axis
    up: Axis

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where a point lies in the drawing."""
        x = LEFT + self.across.place(point[0], WIDTH - LEFT - RIGHT)
        return x, HEIGHT - BOTTOM - self.up.place(point[1], HEIGHT - TOP - BOTTOM)

    def line(self, points: Points, kind: str) -> Markup:
        """Draw a line through points."""
        return tag("polyline", points=self._path(points), class_=f"line {kind}")

    def band(self, low: Points, high: Points, kind: str) -> Markup:
        """Fill what lies between two lines."""
        return tag("polygon", points=self._path([*low, *reversed(high)]), class_=f"band {kind}")

    def bar(self, start: float, end: float, height: float, kind: str) -> Markup:
        """Draw a bar from the lower axis."""
        left, top = self.at((start, height))
        right, foot = self.at((end, self.up.low))
        size = {"width": f"{max(0.5, right - left - 0.5):.1f}", "height": f"{foot - top:.1f}"}
        return tag("rect", x=f"{left:.1f}", y=f"{top:.1f}", class_=f"bar {kind}", **size)

    def dot(self, point: tuple[float, float], kind: str) -> Markup:
        """Mark a point."""
        x, y = self.at(point)
        return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4.5, class_=f"dot {kind}")

    def limit(self, value: float) -> Markup:
        """Draw a line upwards, at the threshold."""
        (x, foot), (_, top) = self.at((value, self.up.low)), self.at((value, self.up.high))
        ends = {"x1": f"{x:.1f}", "x2": f"{x:.1f}", "y1": f"{foot:.1f}", "y2": f"{top:.1f}"}
        return tag("line", class_="limit", **ends)

    def svg(self, title: Words, *drawn: Markup) -> Markup:
        """Return the drawing with its axes; `title` is for those who cannot see it."""
        return tag(
            "svg",
            tag("title", f"{title[0]} / {title[1]}"),
            *self._grid(),
            *drawn,
            self._words(),
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            role="img",
        )

    def _path(self, points: Points) -> str:
        placed = (self.at(point) for point in points)
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)

    def _grid(self) -> Iterable[Markup]:
        foot, right = HEIGHT - BOTTOM, WIDTH - RIGHT
        for value, words in self.across.ticks():
            x = f"{self.at((value, self.up.low))[0]:.1f}"
            yield tag("line", x1=x, x2=x, y1=TOP, y2=foot, class_="grid")
            yield tag("text", words, x=x, y=foot + 15, class_="tick", text_anchor="middle")
        for value, words in self.up.ticks():
            y = self.at((self.across.low, value))[1]
            yield tag("line", x1=LEFT, x2=right, y1=f"{y:.1f}", y2=f"{y:.1f}", class_="grid")
            yield tag("text", words, x=LEFT - 6, y=f"{y + 4:.1f}", class_="tick", text_anchor="end")

    def _words(self) -> Markup:
        middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
        lower = {"x": middle_x, "y": HEIGHT - 6, "text_anchor": "middle"}
        turned = {"transform": f"rotate(-90 11 {middle_y})", "x": 11, "y": middle_y}
        return joined(
            said(*self.across.words, element="text", **lower),
            said(*self.up.words, element="text", text_anchor="middle", **turned),
        )


def _round_step(least: float) -> float:
    """Return the next of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... that is `least` or more."""
    if least <= 0:
        return 1.0
    unit: float = 10.0 ** floor(log10(least))
    return next(unit * step for step in (1, 2, 5, 10) if unit * step >= least * (1 - 1e-9))
