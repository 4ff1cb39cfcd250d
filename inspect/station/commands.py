"""Hears what the station is asked to do, does it, and answers."""

import logging
from collections import deque
from queue import Full, Queue
from threading import Thread
from uuid import UUID

from ..core.clock import utc_now
from ..core.command import (
    Changeover,
    Command,
    Pause,
    Resume,
    Snapshot,
    Status,
    read_command,
)
from ..core.errors import EdgeInspectError, MessagingError, ServiceError
from ..core.inspection import StationAddress
from ..core.reply import Done, Refused, Reply, Standing
from ..messaging.link import Link, client_id
from ..messaging.message import Message
from ..messaging.topics import Channel, Topic
from ..settings.tree import MqttSettings
from . import changeover
from .announcer import Announcer
from .snapshot import picture_of
from .tap import Tap

WAITING_MOST = 16
REMEMBERED = 1000
"""So many ids are known again; what comes again later than that is past its time."""
STAND_WITHIN_S = 1.0
REPLY_EXPIRES_S = 60
ENDING = "the station is ending."
STARTING = "the station is not ready yet; ask again when it runs."
FAREWELL_S = 2.0
"""How long a closing station waits for the broker to take its last answers."""

_log = logging.getLogger(__name__)


class CommandDesk:
    """Does one command after the other on a thread of its own; no verdict waits for it.

    Every readable command is done and answered once, however often it comes. What cannot be
    done is refused in a sentence. Answers go to the station's own `reply` and nowhere else: who
    asks must not be able to make the station speak on other topics.
    """

    def __init__(
        self, tap: Tap, announcer: Announcer, address: StationAddress, settings: MqttSettings
    ) -> None:
        self._tap = tap
        self._announcer = announcer
        self._reply_topic = str(Topic(address, Channel.REPLY))
        self._waiting: Queue[tuple[Command, Message] | None] = Queue(WAITING_MOST)
        self._closing = False
        self.changeover: changeover.Changeover | None = None
        self.no_changeover = STARTING
        self._known: deque[UUID] = deque(maxlen=REMEMBERED)
        self._link = Link(
            settings,
            client_id(address, Channel.COMMAND),
            subscriptions=(str(Topic(address, Channel.COMMAND)),),
            on_message=self._hear,
            unanswered=WAITING_MOST,
        )
        self._thread = Thread(target=self._run, name="commands", daemon=True)

    def open(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._link.open()

    def close(self) -> None:
        """End the thread after the command in hand, and the connection; what waits is refused."""
        self._closing = True
        self._waiting.put(None)
        self._thread.join()
        self._link.settle(FAREWELL_S)
        self._link.close()

    def _hear(self, message: Message) -> None:
        self._link.acknowledge(message)
        try:
            self._admit(message)
            command = read_command(message.payload)
        except MessagingError as error:
            self._answer(message, Refused(id=None, text=str(error)))
            return
        if command.id in self._known:
            return
        self._known.append(command.id)
        if self._closing:
            self._answer(message, Refused(id=command.id, text=ENDING))
            return
        try:
            self._waiting.put_nowait((command, message))
        except Full:
            text = f"{WAITING_MOST} commands wait already; ask again later."
            self._answer(message, Refused(id=command.id, text=text))

    def _admit(self, message: Message) -> None:
        if message.retain:
            raise MessagingError("a command is for once; publish it without `retain`.")
        if message.response_topic not in (None, self._reply_topic):
            raise MessagingError(
                f"answers go to {self._reply_topic} alone; name that as the response topic."
            )

    def _run(self) -> None:
        while (asked := self._waiting.get()) is not None:
            command, message = asked
            reply = self._reply_to(command)
            _log.info("%s, asked by %r: %s", command.do, command.by, reply.text or "done")
            self._answer(message, reply)

    def _reply_to(self, command: Command) -> Reply:
        try:
            if self._closing:
                raise ServiceError(ENDING)
            command.check_in_time(utc_now())
            return self._carry_out(command)
        except EdgeInspectError as error:
            text = str(error)[:500]
        except Exception as error:  # noqa: BLE001 - no command may end the station
            _log.exception("%s failed", command.do)
            text = f"unexpected {type(error).__name__}; the station's log says more."
        return Refused(id=command.id, text=text)

    def _carry_out(self, command: Command) -> Done:
        text = picture = None
        match command:
            case Pause():
                if not self._tap.shut(STAND_WITHIN_S):
                    text = "the part that the camera waits for already is still inspected."
                if self._announcer.paused is None:
                    self._announcer.pause(f"paused by {command.by}")
            case Resume():
                self._tap.open()
                self._announcer.pause(None)
            case Snapshot():
                picture = picture_of(self._tap.newest)
            case Changeover():
                if self.changeover is None:
                    raise ServiceError(self.no_changeover)
                text = self.changeover.to(command.recipe, command.version)
            case Status():
                pass
        return Done(id=command.id, station=self._standing(), text=text, picture=picture)

    def _standing(self) -> Standing:
        state = self._announcer.state
        return Standing(
            mode=state.mode,
            reason=state.reason,
            since=state.since,
            frames=self._tap.frames,
            recipe=state.recipe,
        )

    def _answer(self, message: Message, reply: Reply) -> None:
        if reply.outcome == "refused":
            _log.warning("a command is refused: %s", reply.text)
        if message.response_topic is None:
            return  # nobody wants to know
        self._link.publish(
            Message(
                self._reply_topic,
                reply.model_dump_json().encode(),
                content_type="application/json",
                correlation=message.correlation,
                expires_s=REPLY_EXPIRES_S,
            )
        )
