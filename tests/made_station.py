"""A station whose parts a test inspects by hand; it speaks the MQTT contract like any other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import cv2
import numpy as np

from edgeinspect.core.clock import utc_now
from edgeinspect.core.delivery import StationMode, StationState
from edgeinspect.core.finding import BoxPx
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Inspection, StationAddress
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.verdict import Verdict
from edgeinspect.messaging.link import Link
from edgeinspect.messaging.message import Message
from edgeinspect.messaging.topics import Channel, Topic

WIDTH_PX, HEIGHT_PX = 640, 480
MODEL = {"name": "washer", "version": 1, "sha256": "a" * 64, "runtime": "onnxruntime"}


def photograph(boxes: Sequence[BoxPx] = ()) -> bytes:
    """Return a grey picture as JPEG, white inside each of `boxes`; never the same twice."""
    image = np.full((HEIGHT_PX, WIDTH_PX, 3), 90, dtype=np.uint8)
    image[:8, :8] = np.random.default_rng().integers(0, 255, (8, 8, 3), dtype=np.uint8)
    for left, top, right, bottom in boxes:
        image[int(top) : int(bottom), int(left) : int(right)] = 255
    return bytes(cv2.imencode(".jpg", image)[1])


@dataclass
class MadeStation:
    """Publishes what a test wants to have been inspected."""

    link: Link
    address: StationAddress
    boot: UUID = field(default_factory=uuid4)
    sequence: int = 0
    reads_serials: bool = True
    """Else its parts are known by the file of their photograph."""

    def announce(self, mode: StationMode, reason: str | None = None) -> None:
        """Say what the station is doing."""
        state = StationState(mode=mode, reason=reason, since=utc_now())
        payload = state.model_dump_json().encode()
        self.link.publish(Message(str(Topic(self.address, Channel.STATE)), payload, retain=True))

    def inspect(
        self,
        verdict: Verdict = Verdict.PASS,
        *,
        boxes: Sequence[BoxPx] = (),
        reason: ReasonCode | None = None,
    ) -> Inspection:
        """Inspect a part and send its picture."""
        part, picture = self.inspect_without_picture(verdict, boxes=boxes, reason=reason)
        self.send(picture)
        return part

    def inspect_without_picture(
        self,
        verdict: Verdict = Verdict.PASS,
        *,
        boxes: Sequence[BoxPx] = (),
        reason: ReasonCode | None = None,
    ) -> tuple[Inspection, bytes]:
        """Inspect a part and return it with its picture, which is not sent."""
        self.sequence += 1
        picture = photograph(boxes)
        part = self._part(verdict, boxes, reason, picture)
        payload = part.model_dump_json().encode()
        self.link.publish(Message(str(Topic(self.address, Channel.INSPECTION)), payload))
        return part, picture

    def send(self, picture: bytes) -> None:
        """Send a picture."""
        topic = Topic(self.address, Channel.EVIDENCE, digest(picture))
        self.link.publish(Message(str(topic), picture, content_type="image/jpeg"))

    def _part(
        self,
        verdict: Verdict,
        boxes: Sequence[BoxPx],
        reason: ReasonCode | None,
        picture: bytes,
    ) -> Inspection:
        size = {"width": WIDTH_PX, "height": HEIGHT_PX, "bytes": len(picture)}
        serial = f"EW26-{self.sequence:06d}"
        file = f"photographs/shift-1/camera-2/num_{self.sequence:05d}.jpg"
        fields = {
            **self.address.model_dump(),
            "id": new_id(),
            "boot": self.boot,
            "sequence": self.sequence,
            "captured_at": utc_now(),
            "part_id": serial if self.reads_serials else file,
            "context": {"serial": serial} if self.reads_serials else {},
            "recipe": Recipe().ref,
            "verdict": verdict,
            "reasons": [{"code": reason, "text": "as the test said"}] if reason else [],
            "score": 1.25,
            "threshold": 1.0,
            "findings": [{"score": 1.25, "box_px": box} for box in boxes],
            "model": MODEL,
            "evidence": [{"sha256": digest(picture), **size}],
        }
        return Inspection.model_validate(fields)
