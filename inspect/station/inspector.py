"""From a frame to the record of its inspection."""

from dataclasses import dataclass
from math import isfinite
from time import monotonic, perf_counter
from uuid import UUID

from ..camera.serial import read_serial
from ..core.errors import ModelError
from ..core.frame import Frame
from ..core.identity import new_id
from ..core.inspection import Inspection, StationAddress, Timings
from ..core.judgement import UNMEASURED
from ..core.part import PartContext
from ..core.reason import Reason, ReasonCode
from ..core.recipe import Recipe
from ..core.verdict import Purpose, Verdict
from ..decision.decide import undecided
from ..models.assess import Assessment, assess
from ..models.judge import Judge
from .ledger import HandedOut

_NOWHERE = StationAddress()
_UNKNOWN = PartContext()


@dataclass(frozen=True, slots=True)
class Inspector:
    """Judges frames by one model and one recipe, at one place, during one boot."""

    judge: Judge
    recipe: Recipe
    address: StationAddress = _NOWHERE
    context: PartContext = _UNKNOWN
    purpose: Purpose = Purpose.PRODUCTION

    def inspect(self, frame: Frame, boot: UUID, sequence: int) -> Inspection:
        """Return the record of `frame`; what cannot be judged goes to review and says why."""
        captured_ms = max(0.0, (monotonic() - frame.captured_s) * 1e3)
        assessment = self._assess(frame)
        serial = self._serial(frame)
        judgement, decision = assessment.judgement, assessment.decision
        verdict, reasons = self._require_serial(decision.verdict, decision.reasons, serial)
        return Inspection(
            id=new_id(),
            **self.address.model_dump(),
            boot=boot,
            sequence=sequence,
            captured_at=frame.captured_at,
            part_id=serial or frame.origin[-128:],
            purpose=self.purpose,
            context=self.context.model_copy(update={"serial": serial}),
            recipe=self.recipe.ref,
            verdict=verdict,
            reasons=reasons,
            score=judgement.score if judgement and isfinite(judgement.score) else None,
            threshold=decision.threshold,
            threshold_suggested=self.judge.manifest.threshold.value if judgement else None,
            findings=judgement.findings if judgement else (),
            gates=judgement.gates if judgement else UNMEASURED,
            model=self.judge.ref if judgement else None,
            timings_ms=Timings(
                capture=captured_ms, judge=assessment.judge_ms, decide=assessment.decide_ms
            ),
        )

    def interrupted(self, handed_out: HandedOut, sequence: int) -> Inspection:
        """Return the record of a part the station was stopped at: nobody knows, so review."""
        text = "the station was stopped before this part was written down"
        decision = undecided(ReasonCode.STATION_INTERRUPTED, text)
        return Inspection(
            id=new_id(),
            **self.address.model_dump(),
            boot=handed_out.boot,
            sequence=sequence,
            captured_at=handed_out.captured_at,
            part_id=f"{handed_out.boot}-{sequence}",
            purpose=self.purpose,
            context=self.context,
            recipe=self.recipe.ref,
            verdict=decision.verdict,
            reasons=decision.reasons,
        )

    def _assess(self, frame: Frame) -> Assessment:
        if frame.image is None:
            code, text = ReasonCode.FRAME_UNREADABLE, frame.unreadable or "no image"
            return Assessment(None, undecided(code, text), 0.0, 0.0)
        start = perf_counter()
        try:
            return assess(frame.image, self.judge, self.recipe)
        except ModelError as error:
            spent_ms = (perf_counter() - start) * 1e3
            decision = undecided(ReasonCode.JUDGE_FAILED, str(error))
            return Assessment(None, decision, spent_ms, 0.0)

    def _serial(self, frame: Frame) -> str | None:
        if frame.image is None or not self.recipe.read_serial:
            return None
        return read_serial(frame.image)

    def _require_serial(
        self, verdict: Verdict, reasons: tuple[Reason, ...], serial: str | None
    ) -> tuple[Verdict, tuple[Reason, ...]]:
        if serial is not None or not self.recipe.unread_serial:
            return verdict, reasons
        unread = Reason(code=ReasonCode.SERIAL_UNREAD, text="the serial cannot be read")
        softened = Verdict.REVIEW if verdict is Verdict.PASS else verdict
        return softened, (*reasons, unread)
