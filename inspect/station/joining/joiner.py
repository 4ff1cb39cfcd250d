"""From what several stations said of a part to the record of its one verdict."""

from dataclasses import dataclass
from time import monotonic
from uuid import UUID

from ...core.identity import new_id
from ...core.inspection import Inspection, StationAddress, Timings, View
from ...core.part import PartContext
from ...core.recipe import Recipe
from ...core.verdict import Purpose
from ...core.views import Views
from ...decision.views import decide_views
from ..interrupted import interrupted
from ..ledger import HandedOut
from .matcher import ViewedPart


@dataclass(frozen=True, slots=True)
class Joiner:
    """Decides on parts by their views, at one place; of its recipe only the gate counts."""

    views: Views
    recipe: Recipe
    address: StationAddress
    context: PartContext
    purpose: Purpose

    def take(self, captured_s: float) -> "Joiner":  # noqa: ARG002 - no changeover puts others in
        """Return the rules in force: these."""
        return self

    def inspect(self, part: ViewedPart, boot: UUID, sequence: int) -> Inspection:
        """Return the record of a part. Its findings stay with its views, and are named nowhere
        else: who counts them counts each once.
        """
        decision = decide_views(self.views, part.views, part.repeated_by)
        first = next(iter(part.views.values()))
        return Inspection(
            id=new_id(),
            **self.address.model_dump(),
            boot=boot,
            sequence=sequence,
            captured_at=part.captured_at,
            part_id=first.part_id,
            purpose=self.purpose,
            context=self._context(part),
            recipe=self.recipe.ref,
            verdict=decision.verdict,
            reasons=decision.reasons,
            timings_ms=Timings(
                capture=max(0.0, part.heard_s - part.captured_s) * 1e3,
                decide=(monotonic() - part.heard_s) * 1e3,
            ),
            views=tuple(self._view(station, part) for station in self.views.stations),
        )

    def interrupted(self, handed_out: HandedOut, sequence: int) -> Inspection:
        """Return the record of a part the station was stopped at: nobody knows, so review."""
        return interrupted(
            self.address, handed_out, sequence, self.purpose, self.context, self.recipe.ref
        )

    def _context(self, part: ViewedPart) -> PartContext:
        """Return what is known of every part here, and below it what the views know of this one,
        the one named first above those after it.
        """
        contexts = [part.views[name].context for name in self.views.stations if name in part.views]
        known: dict[str, object] = {}
        for context in (*reversed(contexts), self.context):
            known |= {
                key: said for key in PartContext.model_fields if (said := getattr(context, key))
            }
        return PartContext.model_validate(known | {"serial": contexts[0].serial})

    @staticmethod
    def _view(station: str, part: ViewedPart) -> View:
        seen = part.views.get(station)
        if seen is None:
            return View(station=station)
        return View(station=station, inspection=seen.inspection, verdict=seen.verdict)
