"""One boot of a station, from its settings to its farewell."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event
from time import monotonic
from uuid import uuid4

from ..camera.code_camera import open_code_camera
from ..camera.source import Source
from ..core.delivery import StationMode
from ..core.disk_reserve import STATION_RESERVE
from ..core.errors import EdgeInspectError, SettingsError
from ..settings.recipe_file import check_made_for, load_recipe
from ..settings.tree import Settings
from .announcer import Announcer
from .changeover import Changeover, load_own_judge, open_shelf
from .commands import CommandDesk
from .delivery import Delivery
from .gate.gate import gate_of
from .in_force import RecipeInForce
from .inspector import Inspector
from .ledger import Ledger
from .loop import Station
from .outbox import Lane, Outbox
from .outbox_space import Bounds
from .packer import Draft
from .recorder import Recorder
from .reporter import Reporter
from .seen_serials import SeenSerials
from .setup import Setups, set_up
from .tap import Tap, TappedSource
from .triggers.open import FREE, open_source

DRAIN_TICK_S = 0.5
FAREWELL_DRAIN_S = 2.0
BACKLOG_S = 15.0
"""How long a station that cannot judge delivers what earlier boots left, before it ends."""

_log = logging.getLogger(__name__)


class StopRequest:
    """Asks a running station to end; safe to call from a signal handler."""

    def __init__(self) -> None:
        self.asked = Event()
        self._source: Source | None = None

    def watch(self, source: Source) -> None:
        """Close `source` when the stop is asked for, or at once if it was."""
        self._source = source
        if self.asked.is_set():
            source.close()

    def ask(self) -> None:
        """End the station after the part in hand."""
        self.asked.set()
        if self._source is not None:
            self._source.close()


def run_station(settings: Settings, stop: StopRequest, total_parts: int | None = None) -> None:
    """Run one boot of the station until its source ends, or the stop is asked for.

    `total_parts` counts what earlier boots of the same data folder inspected too, so that a
    station that was killed goes on where it was. A source that ended is followed by a wait until
    everything is recorded; a stop waits 2 s for it.
    Raises EdgeInspectError when model, recipe or camera cannot be used; the state says so first,
    and what earlier boots left behind is delivered meanwhile.
    """
    with ExitStack() as stack:
        desk = _open_desk(settings, stack, stop)
        try:
            station = _assemble(settings, desk, stack, stop)
            if station is not None:
                station.run(_remaining(desk.outbox, total_parts))
            if not stop.asked.is_set():
                desk.announcer.say(StationMode.STOPPED, "the camera has no more frames")
        except EdgeInspectError as error:
            desk.announcer.say(StationMode.FAULT, str(error))
            _drain(desk, stop, BACKLOG_S)
            raise
        _drain(desk, stop, None)
        desk.announcer.say(StationMode.STOPPED, _left_unwritten(desk))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What writes down, delivers and announces, whether or not there is anything to judge with."""

    ledger: Ledger
    outbox: Outbox
    announcer: Announcer
    deliveries: tuple[Delivery, ...]
    recorder: Recorder
    reporter: Reporter
    tap: Tap
    commands: CommandDesk


def _open_desk(settings: Settings, stack: ExitStack, stop: StopRequest) -> _Desk:
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

    recorder = Recorder(outbox, wake_deliveries, stop.asked)
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
    return _Desk(ledger, outbox, announcer, deliveries, recorder, reporter, tap, commands)


def _assemble(
    settings: Settings, desk: _Desk, stack: ExitStack, stop: StopRequest
) -> Station | None:
    """Return all that a boot works with; None when a stop came before what an earlier boot left
    could be written down.
    """
    own = settings.station
    if own.model is None or not own.camera:
        raise SettingsError("the station has no model or no camera; set station.model and .camera.")
    configured = load_recipe(own.recipe)
    in_force = RecipeInForce(settings.recipe_in_force_path, configured, own.recipes)
    shelf = open_shelf(own, own.model)
    if (recalled := in_force.recall()) is not None:
        recipe, judge = recalled[0], shelf.judge(recalled[1])
    else:  # only the model that the settings name will do, though another may lie beside it
        recipe, judge = configured, load_own_judge(own, own.model)
        check_made_for(recipe, judge.ref)
        shelf.put(judge)
    seen = SeenSerials(desk.outbox.serials())
    code_camera = open_code_camera(own.code_camera, own.code_camera_within_ms)
    if code_camera is not None:
        stack.callback(code_camera.close)
        desk.reporter.hampers.append(lambda: code_camera.trouble)
    place = settings.address
    inspector = Inspector(judge, recipe, place, own.context, own.purpose, seen, code_camera)
    setups = Setups(set_up(inspector))
    desk.announcer.use(judge.ref, recipe.ref)
    if not _account_for_interrupted(desk, inspector):
        return None  # a new boot would take the place of the earlier one in the ledger
    gate = gate_of(settings, recipe, desk.announcer)
    source = TappedSource(open_source(settings, gate.foresee), desk.tap)
    stack.callback(source.close)
    source.watch(desk.announcer.see)
    if own.trigger != FREE:  # it is ready, though no part may come for hours
        desk.announcer.say(StationMode.RUNNING)
    stop.watch(source)
    boot = uuid4()
    desk.outbox.begin_boot(boot)
    desk.reporter.boot = boot
    desk.reporter.hampers.append(lambda: setups.newest.drift.warning)
    desk.reporter.gate_health = gate.health
    desk.reporter.camera_health = source.health
    desk.commands.changeover = Changeover(own, setups, shelf, gate, in_force, desk.announcer)
    # Last: nothing may fail between here and the loop, which closes the gate.
    gate.open()
    stack.callback(gate.close)
    return Station(
        boot,
        source,
        setups,
        desk.ledger,
        desk.recorder,
        gate,
        desk.announcer,
        (desk.recorder, desk.reporter, *desk.deliveries),
    )


def _account_for_interrupted(desk: _Desk, inspector: Inspector) -> bool:
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


def _remaining(outbox: Outbox, total_parts: int | None) -> int | None:
    if total_parts is None:
        return None
    inspected = sum(counts.inspected for counts in outbox.counts().values())
    return max(0, total_parts - inspected)


def _drain(desk: _Desk, stop: StopRequest, patience_s: float | None) -> None:
    """Wait until all is written and recorded, `patience_s` have passed, or a stop is asked for.

    A stop leaves 2 s. What a full disk kept from being written by then is in the ledger, and goes
    to review at the next start.
    """
    until_s = None if patience_s is None else monotonic() + patience_s
    while not stop.asked.is_set() and (until_s is None or monotonic() < until_s):
        written = desk.recorder.wait_until_written(DRAIN_TICK_S)
        if desk.recorder.fault is not None:
            desk.announcer.say(StationMode.FAULT, desk.recorder.fault)
        if written and desk.outbox.wait_until_empty(DRAIN_TICK_S):
            return
    if stop.asked.is_set():
        desk.recorder.close()
        desk.outbox.wait_until_empty(FAREWELL_DRAIN_S)


def _left_unwritten(desk: _Desk) -> str | None:
    """Say how many parts a full disk kept from being written, in a sentence; None for none."""
    last, fault = desk.ledger.last(), desk.recorder.fault
    if last is None or fault is None:
        return None
    count = last.sequence - desk.outbox.appended(last.boot)
    said = f"{count} parts are not written down and go to review at the next start: {fault}"
    _log.warning("%s", said)
    return said
