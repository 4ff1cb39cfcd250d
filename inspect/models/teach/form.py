"""The grades of the anomaly family: what each looks at, and with which experts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType

from ...core.manifest import Grade
from .expert import Cells, Taught
from .gaussian import PositionGaussian
from .memory import CellMemory

CHANNELS = MappingProxyType({"t4": 40, "t7": 80, "t10": 112, "t14": 192})
STRIDES_PX = MappingProxyType({"t4": 8, "t7": 16, "t10": 16, "t14": 32})
COARSE_SIDE_PX = 256
"""What the coarse view has for sides: the size the backbone's features are at their best."""
FINE_SIDE_PX = MappingProxyType({Grade.FAST: 384, Grade.ACCURATE: 512})
"""What the fine view has, where nothing smaller has to be found."""

SEEN_PX = 8.0
"""What a defect must span in the fine view to be seen."""
MOST_SIDE_PX = 2048
SIDE_STEP_PX = COARSE_SIDE_PX // 2
"""So that two pixels of the coarse view cover a whole number of the fine one's."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, order=True)
class Tap:
    """One block's output when the backbone looks at one view (`fine` or `coarse`)."""

    view: str
    block: str

    @property
    def name(self) -> str:
        """Its name in graphs and caches."""
        return f"{self.view}.{self.block}"


@dataclass(frozen=True, slots=True)
class Role:
    """An expert's name, the tap it looks at, and how it is taught."""

    name: str
    tap: Tap
    fit: Callable[[Cells], Taught]


@dataclass(frozen=True, slots=True)
class Form:
    """The size of each view, the fine one being the model's input, the experts, the taps that known
    defects are looked for in, and those that boxes are drawn from, where there are any.
    """

    views: Mapping[str, Size]
    roles: tuple[Role, ...]
    known_taps: tuple[Tap, ...] = ()
    drawn_taps: tuple[Tap, ...] = ()

    @property
    def input(self) -> Size:
        """The size of the model's input."""
        return self.views["fine"]

    @property
    def map_shape(self) -> tuple[int, int]:
        """Rows and columns of the anomaly map."""
        return self.shape(Tap("fine", "t7"))

    @property
    def taps(self) -> tuple[Tap, ...]:
        """Every tap whose cells are looked at one by one."""
        return tuple(sorted({role.tap for role in self.roles} | set(self.known_taps)))

    def shape(self, tap: Tap) -> tuple[int, int]:
        """Return a tap's rows and columns."""
        size, stride = self.views[tap.view], STRIDES_PX[tap.block]
        return size.height_px // stride, size.width_px // stride

    def cells(self, tap: Tap) -> int:
        """Return how many cells a tap has."""
        rows, columns = self.shape(tap)
        return rows * columns


_FAST = (
    Role("memory7", Tap("fine", "t7"), CellMemory.taught),
    Role("memory14", Tap("coarse", "t14"), CellMemory.taught),
    Role("position10", Tap("coarse", "t10"), PositionGaussian.taught),
    Role("position14", Tap("coarse", "t14"), PositionGaussian.taught),
)
_ACCURATE = (
    *_FAST,
    Role("memory14fine", Tap("fine", "t14"), CellMemory.taught),
    Role("position7", Tap("coarse", "t7"), PositionGaussian.taught),
)
DRAWN_TAPS = (Tap("fine", "t4"), Tap("fine", "t7"), Tap("fine", "t10"))
KNOWN_TAPS = (Tap("coarse", "t7"), Tap("coarse", "t10"), Tap("coarse", "t14"))
ROLES: Mapping[Grade, tuple[Role, ...]] = MappingProxyType(
    {Grade.FAST: _FAST, Grade.ACCURATE: _ACCURATE}
)


def form_of(
    grade: Grade,
    fine: Size | None = None,
    *,
    knows_defects: bool = False,
    draws_boxes: bool = False,
) -> Form:
    """Return the form of a grade; `fine` is the input's size where the grade's own is too small."""
    side = FINE_SIDE_PX[grade]
    coarse = Size(COARSE_SIDE_PX, COARSE_SIDE_PX)
    views = {"coarse": coarse, "fine": fine or Size(side, side)}
    return Form(
        views,
        ROLES[grade],
        KNOWN_TAPS if knows_defects else (),
        DRAWN_TAPS if draws_boxes else (),
    )


def fine_for(grade: Grade, frame: Size, smallest_defect_px: float) -> Size:
    """Return the input at which a defect of `smallest_defect_px` of the frame still spans
    `SEEN_PX`; never smaller than the grade's own, never larger than `MOST_SIDE_PX`.
    """
    shrink = min(1.0, SEEN_PX / smallest_defect_px)
    frame_px = frame.width_px, frame.height_px
    sides = (fitting(side * shrink, grade, MOST_SIDE_PX) for side in frame_px)
    return Size(*sides)


def fitting(side: float, grade: Grade, most_px: int) -> int:
    """Return the input side that holds `side`: at least the grade's own, at most `most_px`."""
    whole = ceil(side / SIDE_STEP_PX) * SIDE_STEP_PX
    return min(max(whole, FINE_SIDE_PX[grade]), most_px)
