"""What parts are inspected by, and from when: a changeover sets up anew while parts pass."""

from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

from ..core.frame import Frame
from ..core.inspection import Inspection
from ..core.recipe import Recipe
from .gate_drift import GateDrift
from .inspector import Inspector


@dataclass(frozen=True, slots=True)
class Setup:
    """One model and one recipe, ready, and how parts were seen under them."""

    inspector: Inspector
    drift: GateDrift

    @property
    def recipe(self) -> Recipe:
        """What is inspected, and how."""
        return self.inspector.recipe

    def inspect(self, frame: Frame, boot: UUID, sequence: int) -> Inspection:
        """Return the record of `frame`, and note how well its part was seen."""
        inspection = self.inspector.inspect(frame, boot, sequence)
        self.drift.note(inspection.gates, inspection.captured_at)
        return inspection


def set_up(inspector: Inspector) -> Setup:
    """Return the setup of `inspector`; nothing drifted in it yet."""
    taught = inspector.judge.manifest.taught_gates
    return Setup(inspector, GateDrift(taught, inspector.recipe.image_gates))


class Setups:
    """The setups of one boot in their order; safe to use from any thread.

    A part belongs to the one that was in force when it was captured, however late it is judged.
    """

    def __init__(self, first: Setup) -> None:
        self._lock = Lock()
        self._in_order: tuple[tuple[float, Setup], ...] = ((float("-inf"), first),)

    @property
    def newest(self) -> Setup:
        """The one in force for parts that are captured from now on."""
        return self._in_order[-1][1]

    def change_to(self, setup: Setup) -> None:
        """Put `setup` in force for every part that is captured from now on."""
        with self._lock:
            self._in_order = (*self._in_order, (monotonic(), setup))

    def take(self, captured_s: float) -> Setup:
        """Return the setup for the next part, captured at `captured_s` (monotonic), and let go of
        those before it.
        """
        with self._lock:
            begun = sum(from_s <= captured_s for from_s, _ in self._in_order)
            # What was captured before the oldest that is left belongs to that one.
            self._in_order = self._in_order[max(0, begun - 1) :]
            return self._in_order[0][1]
