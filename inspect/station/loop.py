"""The loop on the box: capture, judge, decide, write down, act."""

from dataclasses import dataclass
from typing import Generic, Protocol
from uuid import UUID

from ..core.delivery import StationMode
from ..core.errors import ServiceError
from ..core.inspection import Inspection
from ..core.recipe import Recipe
from .announcer import Announcer
from .delivery import Delivery
from .gate.gate import Gate
from .ledger import HandedOut, Ledger
from .packer import Draft
from .recorder import Recorder
from .reporter import Reporter
from .taken import Part, Part_contra, Parts


class Rules(Protocol[Part_contra]):
    """What a part is inspected by."""

    @property
    def recipe(self) -> Recipe:
        """What is inspected, and how."""
        ...

    def inspect(self, part: Part_contra, boot: UUID, sequence: int) -> Inspection:
        """Return the record of `part`; what cannot be judged goes to review and says why."""
        ...


class RulesInForce(Protocol[Part_contra]):
    """The rules of one boot; a changeover puts others in force."""

    def take(self, captured_s: float) -> Rules[Part_contra]:
        """Return those for the next part, captured at `captured_s` (monotonic)."""
        ...


@dataclass(frozen=True, slots=True)
class Station(Generic[Part]):
    """Everything one boot of a station works with."""

    boot: UUID
    source: Parts[Part]
    rules: RulesInForce[Part]
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
            taken = self.source.read()
            if taken is None:
                break
            sequence += 1
            rules = self.rules.take(taken.captured_s)
            recipe = rules.recipe
            part = self.gate.expect(taken.captured_s, taken.at_gate, recipe.gate)
            self.ledger.write(HandedOut(self.boot, sequence, taken.captured_at, taken.told_serial))
            inspection = rules.inspect(taken, self.boot, sequence)
            image = taken.image if recipe.evidence.may_keep(inspection.verdict, sequence) else None
            written = self.recorder.record(Draft(inspection, image, recipe.evidence))
            if written is None:  # what the ledger alone knows goes to review at the next start
                self._say_how_it_goes()
                break
            self.gate.act(part, inspection.verdict, recipe.gate, written)
            written.add_done_callback(lambda done: self.announcer.tell_verdict(done.result()))
            self._say_how_it_goes()
        return sequence

    def _say_how_it_goes(self) -> None:
        if not all(worker.alive for worker in self.workers):
            raise ServiceError("a fault ended a thread of the station; the log says which.")
        fault = self.recorder.fault
        self.announcer.say(StationMode.FAULT if fault else StationMode.RUNNING, fault)
