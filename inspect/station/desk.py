"""What writes down, delivers and announces, whether or not there is anything to judge with."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Protocol
from uuid import uuid4

from ..core.delivery import StationMode
from ..core.disk_reserve import STATION_RESERVE
from ..core.inspection import Inspection
from ..settings.tree import Settings
from .announcer import Announcer
from .commands import CommandDesk
from .delivery import Delivery
from .gate.gate import Gate
from .ledger import HandedOut, Ledger
from .loop import RulesInForce, Station
from .outbox import Outbox
from .outbox_space import Bounds
from .packer import Draft
from .parcel import Lane
from .recorder import Recorder
from .reporter import Reporter
from .taken import Part, Parts
from .tap import Tap

DRAIN_TICK_S = 0.5
FAREWELL_DRAIN_S = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it, for one boot of a station."""

    ledger: Ledger
    outbox: Outbox
    announcer: Announcer
    deliveries: tuple[Delivery, ...]
    recorder: Recorder
    reporter: Reporter
    tap: Tap
    commands: CommandDesk


def open_desk(settings: Settings, stack: ExitStack, stop: Event) -> Desk:
    """Return the desk of a station, at work; `stop` is set when its end is asked for."""
    own = settings.station
    outbox = Outbox(
        settings.outbox_path,
        Bounds(own.outbox_max_mb * 1_000_000, own.outbox_max_days * 86_400),
        STATION_RESERVE.room_bytes,
    )
    stack.callback(outbox.close)
    ledger = Ledger(settings.ledger_path)
    stack.callback(ledger.close)
    announcer = Announcer(outbox, settings.address, settings.mqtt)
    announcer.open()
    stack.callback(announcer.close)
    deliveries = tuple(Delivery(outbox, lane, settings.address, settings.mqtt) for lane in Lane)
    for delivery in deliveries:
        delivery.open()
        stack.callback(delivery.close)

    def wake_deliveries() -> None:
        for delivery in deliveries:
            delivery.wake()

    recorder = Recorder(outbox, wake_deliveries, stop)
    stack.callback(recorder.close)

    def trouble() -> str | None:
        found = (announcer.trouble, *(delivery.trouble for delivery in deliveries))
        return next((each for each in found if each is not None), None)

    reporter = Reporter(outbox, settings.outbox_path, announcer, trouble)
    reporter.open()
    stack.callback(reporter.close)
    tap = Tap()
    commands = CommandDesk(tap, announcer, settings.address, settings.mqtt)
    commands.open()
    stack.callback(commands.close)
    return Desk(ledger, outbox, announcer, deliveries, recorder, reporter, tap, commands)


class Inspects(Protocol):
    """Knows what to say of a part that nobody judged."""

    def interrupted(self, handed_out: HandedOut, sequence: int) -> Inspection:
        """Return the record of a part the station was stopped at: nobody knows, so review."""
        ...


def account_for_interrupted(desk: Desk, inspector: Inspects) -> bool:
    """Record the parts that a killed boot handed out and never wrote down; say whether all are."""
    last = desk.ledger.last()
    if last is None or last.boot not in desk.outbox.counts():
        return True
    missing = range(desk.outbox.appended(last.boot) + 1, last.sequence + 1)
    for sequence in missing:
        if desk.recorder.record(Draft(inspector.interrupted(last, sequence), None)) is None:
            return False
    while not desk.recorder.wait_until_written(DRAIN_TICK_S):
        if desk.recorder.hopeless:
            return False
        if desk.recorder.fault is not None:
            desk.announcer.say(StationMode.FAULT, desk.recorder.fault)
    if missing:
        _log.warning("%d parts of an interrupted run go to review", len(missing))
    return True


def begin(
    desk: Desk,
    stack: ExitStack,
    parts: Parts[Part],
    rules: RulesInForce[Part],
    gate: Gate,
) -> Station[Part]:
    """Begin a boot with all that it works with, and open its gate; `stack` closes that."""
    boot = uuid4()
    desk.outbox.begin_boot(boot)
    desk.reporter.boot = boot
    desk.reporter.gate_health = gate.health
    desk.reporter.camera_health = parts.health
    # Last: nothing may fail between here and the loop, which closes the gate.
    gate.open()
    stack.callback(gate.close)
    return Station(
        boot,
        parts,
        rules,
        desk.ledger,
        desk.recorder,
        gate,
        desk.announcer,
        (desk.recorder, desk.reporter, *desk.deliveries),
    )


def drain(desk: Desk, stop: Event, patience_s: float | None) -> None:
    """Wait until all is written and recorded, `patience_s` have passed, or a stop is asked for.

    A stop leaves 2 s. What a full disk kept from being written by then is in the ledger, and goes
    to review at the next start.
    """
    until_s = None if patience_s is None else monotonic() + patience_s
    while not stop.is_set() and (until_s is None or monotonic() < until_s):
        written = desk.recorder.wait_until_written(DRAIN_TICK_S)
        if desk.recorder.fault is not None:
            desk.announcer.say(StationMode.FAULT, desk.recorder.fault)
        if written and desk.outbox.wait_until_empty(DRAIN_TICK_S):
            return
    if stop.is_set():
        desk.recorder.close()
        desk.outbox.wait_until_empty(FAREWELL_DRAIN_S)


def left_unwritten(desk: Desk) -> str | None:
    """Say how many parts a full disk kept from being written, in a sentence; None for none."""
    last, fault = desk.ledger.last(), desk.recorder.fault
    if last is None or fault is None:
        return None
    count = last.sequence - desk.outbox.appended(last.boot)
    said = f"{count} parts are not written down and go to review at the next start: {fault}"
    _log.warning("%s", said)
    return said
