"""The loop on the box: capture, judge, decide, write down, act."""

from dataclasses import dataclass
from uuid import UUID

from ..camera.source import Source
from ..core.delivery import StationMode
from ..core.errors import ServiceError
from .announcer import Announcer
from .delivery import Delivery
from .gate.gate import Gate
from .ledger import HandedOut, Ledger
from .packer import Draft
from .recorder import Recorder
from .reporter import Reporter
from .setup import Setups


@dataclass(frozen=True, slots=True)
class Station:
    """Everything one boot of a station works with."""

    boot: UUID
    source: Source
    setups: Setups
    ledger: Ledger
    recorder: Recorder
    gate: Gate
    announcer: Announcer
    workers: tuple[Recorder | Reporter | Delivery, ...]

    def run(self, parts: int | None) -> int:
        """Inspect until the source ends, or `parts` are done; return how many were.

        The gate closes when it ends, however it ends.
        """
        try:
            return self._inspect(parts)
        finally:
            self.gate.close()

    def _inspect(self, parts: int | None) -> int:
        sequence = 0
        while parts is None or sequence < parts:
            frame = self.source.read()
            if frame is None:
                break
            sequence += 1
            setup = self.setups.take(frame.captured_s)
            recipe = setup.recipe
            part = self.gate.expect(frame.captured_s, frame.at_gate, recipe.gate)
            self.ledger.write(HandedOut(self.boot, sequence, frame.captured_at))
            inspection = setup.inspector.inspect(frame, self.boot, sequence)
            setup.drift.note(inspection.gates, inspection.captured_at)
            image = frame.image if recipe.evidence.may_keep(inspection.verdict, sequence) else None
            written = self.recorder.record(Draft(inspection, image, recipe.evidence))
            if written is None:  # what the ledger alone knows goes to review at the next start
                self._say_how_it_goes()
                break
            self.gate.act(part, inspection.verdict, recipe.gate, written)
            self._say_how_it_goes()
        return sequence

    def _say_how_it_goes(self) -> None:
        if not all(worker.alive for worker in self.workers):
            raise ServiceError("a fault ended a thread of the station; the log says which.")
        fault = self.recorder.fault
        self.announcer.say(StationMode.FAULT if fault else StationMode.RUNNING, fault)
