"""The server's ear: what stations publish is recorded, and how far it is safe is said back."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ..core.delivery import Recorded
from ..core.inspection import Inspection, StationAddress
from ..messaging.message import Message
from ..messaging.topics import Channel, Topic, all_stations
from ..settings.tree import MqttSettings
from .arrivals import read_document, read_evidence_key, takes_back
from .batch import Announcement, Batch, EvidenceKey, HealthReport, Refused
from .database import Database
from .display import Display
from .events import Event
from .evidence_store import EvidenceError, EvidenceStore
from .health_board import HealthBoard
from .ingest import Ingest
from .intake import Intake
from .quarantine import DEFAULT_LIMIT_BYTES
from .turns import Turns

IMAGES_WAITING = 16
"""Images that may be in memory at once, of 8 MB at most each."""

_log = logging.getLogger(__name__)


class Receiver:
    """Records the inspections, states and evidence of all stations.

    Evidence comes by a connection and a thread of its own, so that images never delay rows; rows
    are recorded by as many threads as the database has writers. A message is acknowledged when it
    is durably recorded; `on_event` is told of it on a thread of its own.
    """

    def __init__(
        self,
        settings: MqttSettings,
        database: Database,
        evidence: EvidenceStore,
        on_event: Callable[[Event], None],
        quarantine_limit_bytes: int = DEFAULT_LIMIT_BYTES,
    ) -> None:
        self.health = HealthBoard()
        self._ingest = Ingest(database, quarantine_limit_bytes)
        self._evidence = evidence
        self._display = Display(database, on_event)
        self._turns = Turns(database.writers)
        documents = tuple(map(all_stations, (Channel.INSPECTION, Channel.STATE, Channel.HEALTH)))
        images = (all_stations(Channel.EVIDENCE),)
        self._rows = Intake(
            settings,
            "rows",
            documents,
            self._take_documents,
            self._begin,
            lanes=database.writers,
        )
        self._images = Intake(
            settings,
            "evidence",
            images,
            self._take_images,
            self._begin,
            waiting=IMAGES_WAITING,
        )

    @property
    def connected(self) -> bool:
        """Whether stations can be heard."""
        return self._rows.connected and self._images.connected

    @property
    def broker_trouble(self) -> str | None:
        """Why stations cannot be heard, in a sentence; None while they can."""
        if self.connected:
            return None
        said = self._rows.link.trouble or self._images.link.trouble
        return said or "the broker is not connected yet; check that it runs."

    @property
    def trouble(self) -> str | None:
        """Why what arrived cannot be recorded at present; None while it can."""
        return self._rows.trouble or self._images.trouble

    @property
    def alive(self) -> bool:
        """Whether all threads that record run; a fault that nobody foresaw ends one."""
        return self._rows.alive and self._images.alive

    def start(self) -> None:
        """Begin to listen, and return at once; a broker that is not there yet is awaited."""
        self._rows.start()
        self._images.start()

    def stop(self) -> None:
        """Finish what is being recorded, and end; stations keep the rest."""
        intakes = (self._images, self._rows)
        for intake in intakes:
            intake.finish()
        with ThreadPoolExecutor(len(intakes)) as pool:
            list(pool.map(Intake.close, intakes))
        self._display.close()

    def publish(self, message: Message) -> None:
        """Have a message of the server's own published as soon as the broker is there."""
        self._rows.link.publish(message)

    def _take_documents(self, messages: Sequence[Message]) -> None:
        read = [read_document(message) for message in messages if not takes_back(message)]
        for report in read:
            if isinstance(report, HealthReport):
                self.health.note(report)
        batch = Batch(
            inspections=tuple(item for item in read if isinstance(item, Inspection)),
            announcements=tuple(item for item in read if isinstance(item, Announcement)),
            refused=tuple(item for item in read if isinstance(item, Refused)),
        )
        if batch != Batch():
            self._record(batch)

    def _take_images(self, messages: Sequence[Message]) -> None:
        kept = [self._keep(message) for message in messages]
        self._record(
            Batch(
                stored=tuple(item for item in kept if isinstance(item, EvidenceKey)),
                refused=tuple(item for item in kept if isinstance(item, Refused)),
            )
        )

    def _keep(self, message: Message) -> EvidenceKey | Refused:
        key = read_evidence_key(message)
        if isinstance(key, Refused):
            return key
        try:
            self._evidence.write(key.sha256, message.payload)
        except EvidenceError as error:
            return Refused(message.topic, message.payload, str(error), evidence=key)
        return replace(key, size_bytes=len(message.payload))

    def _record(self, batch: Batch) -> None:
        with self._turns.of(batch.addresses()):
            recording = self._ingest.record(batch)
            self._say(recording.recorded)
        for refused in recording.refused:
            _log.warning("%.200s: set aside: %s", refused.topic, refused.reason)
        for refused in recording.without_room:
            _log.error(
                "%.200s: the quarantine is full, so this is not accounted for (%s); retry or "
                "dismiss what it holds, or raise server.quarantine_max_mb",
                refused.topic,
                refused.reason,
            )
        self._display.show(batch, recording)

    def _begin(self) -> None:
        with self._turns.of_all():
            self._say(self._ingest.begin_session())

    def _say(self, watermarks: Mapping[StationAddress, Recorded]) -> None:
        for address, recorded in watermarks.items():
            topic = str(Topic(address, Channel.RECORDED))
            payload = recorded.model_dump_json().encode()
            self._rows.link.publish(Message(topic, payload, retain=True))
