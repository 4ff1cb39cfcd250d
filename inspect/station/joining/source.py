"""Hears what other stations say of parts, and hands out each part when it can be decided."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Condition as Waiting
from time import monotonic

from pydantic import ValidationError

from ...camera.condition import Condition
from ...core.clock import utc_now
from ...core.delivery import StationMode, StationState
from ...core.errors import MessagingError
from ...core.health import ViewsHealth
from ...core.inspection import Inspection, StationAddress
from ...core.verdict import Purpose
from ...decision.views import Sighting, sighting_of
from ...messaging.link import Link, client_id
from ...messaging.message import Message
from ...messaging.topics import Channel, Topic, parse_topic
from ...settings.tree import MqttSettings
from .matcher import Heard, Matcher, ViewedPart
from .standing import CLOCK_AHEAD_S, Standing

LOOK_S = 0.5
"""So often a reader looks by itself: a signal's handler may close between a look and the wait."""

_log = logging.getLogger(__name__)


class ViewedParts:
    """Hands out parts that other stations looked at; a station that is not heard is a fault."""

    def __init__(
        self,
        matcher: Matcher,
        standing: Standing,
        address: StationAddress,
        purpose: Purpose,
        settings: MqttSettings,
    ) -> None:
        self._matcher = matcher
        self._standing = standing
        self._purpose = purpose
        self._changed = Waiting()
        self._closed = False
        self._counts = dict.fromkeys(ViewsHealth.model_fields, 0)
        self._listener: Callable[[Condition], object] | None = None
        self._said: Condition | None = None
        views = [address.model_copy(update={"station": name}) for name in standing.stations]
        self._link = Link(
            settings,
            client_id(address, "views"),
            subscriptions=tuple(
                str(Topic(view, channel))
                for channel in (Channel.STATE, Channel.VERDICT)
                for view in views
            ),
            on_message=self._hear,
            on_connected=lambda: self._note(self._standing.connect),
            on_disconnected=lambda: self._note(self._standing.disconnect),
        )

    def open(self) -> None:
        """Begin to listen."""
        self._link.open()

    def read(self) -> ViewedPart | None:
        """Wait for the next part whose views are all there or due; None when closed and empty."""
        with self._changed:
            while True:
                closed = self._closed
                if (part := self._matcher.take(monotonic())) is not None or closed:
                    return part
                due_s = self._matcher.next_due_s()
                patience_s = LOOK_S if due_s is None else min(LOOK_S, due_s - monotonic())
                self._changed.wait(max(0.0, patience_s))

    def skip(self) -> None:
        """Let go of the parts that wait, and count them."""
        with self._changed:
            gone = self._matcher.clear()
            self._counts["let_go"] += gone
        if gone:
            _log.warning("%d parts were seen while the station was paused, and let go", gone)

    def watch(self, listener: Callable[[Condition], object]) -> None:
        """Tell `listener` what stands in the way of the views, now and at every change."""
        self._listener = listener
        self._note(lambda: None)

    def health(self) -> None:
        """There is no camera; see `views_health`."""

    def views_health(self) -> ViewsHealth:
        """Return what became of what was heard."""
        with self._changed:
            return ViewsHealth(**self._counts)

    def close(self) -> None:
        """Hand out what waits without the views that it waits for, and then no more.

        Waits for no thread, so that a signal's handler may call it; `hang_up` ends the connection.
        """
        with self._changed:
            self._closed = True
            self._matcher.settle_all()
            self._changed.notify_all()

    def hang_up(self) -> None:
        """Take leave of the broker."""
        self._link.close()

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        try:
            topic = parse_topic(message.topic)
            station = topic.address.station
            if topic.channel is Channel.STATE:
                self._note_state(station, message)
            elif not message.retain:  # a broker that keeps one would tell of its part anew
                self._take(_inspection(message, topic.address))
        except (MessagingError, ValidationError) as error:
            _log.error("%s: unusable, see who sends it (%s)", message.topic, _why(error))
            with self._changed:
                self._counts["unusable"] += 1

    def _note_state(self, station: str, message: Message) -> None:
        if not message.payload:  # taken back, as when the station was taken off the list
            self._note(lambda: self._standing.miss(station))
            return
        mode, reason = _state(message)
        self._note(lambda: self._standing.note(station, mode, reason))

    def _take(self, inspection: Inspection) -> None:
        view, now, now_s = sighting_of(inspection), utc_now(), monotonic()
        age_s = (now - view.captured_at) / timedelta(seconds=1)
        fits = inspection.purpose is self._purpose and age_s >= -CLOCK_AHEAD_S
        self._note(lambda: self._standing.note_view(view.station, inspection.purpose, age_s))
        with self._changed:
            self._counts["heard"] += 1
            if self._closed:
                return
            if fits:
                self._count(self._matcher.hear(view, now_s - max(0.0, age_s), now_s), view)
            else:
                self._matcher.turn_away(now_s - max(0.0, age_s))
                self._counts["aside"] += 1
            self._changed.notify_all()

    def _count(self, heard: Heard, view: Sighting) -> None:
        if heard is Heard.AGAIN:
            self._counts["again"] += 1
        elif heard is Heard.LATE:
            self._counts["late"] += 1
            _log.warning("%s: came too late for %s to be joined", view.station, view.part_id)
        elif heard is Heard.REFUSED:
            self._counts["aside"] += 1
            _log.error("%s: %s is left aside, too many parts wait", view.station, view.part_id)

    def _note(self, change: Callable[[], None]) -> None:
        with self._changed:
            change()
            condition = self._standing.condition
            if condition == self._said or self._closed or self._listener is None:
                return
            self._said = condition
            self._listener(condition)


def _why(error: MessagingError | ValidationError) -> str:
    if isinstance(error, MessagingError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return ": ".join((".".join(map(str, first["loc"])), first["msg"])).removeprefix(": ")[:300]


def _state(message: Message) -> tuple[StationMode, str | None]:
    state = StationState.model_validate_json(message.payload, extra="ignore")
    return state.mode, state.reason


def _inspection(message: Message, address: StationAddress) -> Inspection:
    inspection = Inspection.model_validate_json(message.payload)
    if inspection.address != address:
        raise MessagingError(f"it speaks for {inspection.address}")
    return inspection
