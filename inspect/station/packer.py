"""From drafts to parcels: encodes the evidence, and says in each inspection what is kept of it."""

from dataclasses import dataclass

from ..core.frame import Image
from ..core.inspection import Inspection
from ..core.recipe import EvidencePolicy
from ..core.verdict import Verdict
from ..messaging.topics import Channel, Topic
from .evidence import Picture, encode
from .just_before import JustBefore
from .parcel import Lane, Parcel
from .seen_serials import Seen

_DEFAULT = EvidencePolicy()


@dataclass(frozen=True, slots=True)
class Draft:
    """An inspection whose evidence is still to be made; `image` is None when none is needed."""

    inspection: Inspection
    image: Image | None
    policy: EvidencePolicy = _DEFAULT


class Packer:
    """Packs one draft after the other, in the order of the parts."""

    def __init__(self) -> None:
        self._before = JustBefore()

    def pack(self, draft: Draft) -> tuple[Parcel, ...]:
        """Return the inspection and its images, the part's own first."""
        pictures = self._pictures(draft)
        evidence = tuple(described for described, _ in pictures)
        inspection = draft.inspection.model_copy(update={"evidence": evidence})
        row = _parcel(
            Lane.ROWS,
            inspection,
            Topic(inspection.address, Channel.INSPECTION),
            "application/json",
            inspection.model_dump_json().encode(),
        )
        once = {described.sha256: (described, content) for described, content in pictures}
        return row, *(_image(inspection, picture) for picture in once.values())

    def _pictures(self, draft: Draft) -> list[Picture]:
        inspection, policy = draft.inspection, draft.policy
        own = None if draft.image is None else encode(draft.image, policy.jpeg_quality)
        if not policy.keeps(inspection.verdict, inspection.sequence):
            self._before.note(own, inspection.id, policy.parts_before)
            return []
        kept = [] if own is None else [own]
        if inspection.verdict is not Verdict.PASS:
            return kept + self._before.take()
        self._before.note(None, inspection.id, policy.parts_before)
        return kept


def _seen(inspection: Inspection) -> Seen | None:
    serial = inspection.context.serial
    return None if serial is None else Seen(inspection.purpose, serial, inspection.captured_at)


def _image(inspection: Inspection, picture: Picture) -> Parcel:
    described, content = picture
    topic = Topic(inspection.address, Channel.EVIDENCE, described.sha256)
    return _parcel(Lane.EVIDENCE, inspection, topic, described.content_type, content)


def _parcel(
    lane: Lane, inspection: Inspection, topic: Topic, content_type: str, payload: bytes
) -> Parcel:
    return Parcel(
        lane,
        inspection.boot,
        inspection.sequence,
        str(topic),
        content_type,
        payload,
        passed=inspection.verdict is Verdict.PASS,
        seen=_seen(inspection) if lane is Lane.ROWS else None,
    )
