"""One boot of a station, from its settings to its farewell."""

import logging
from contextlib import ExitStack
from threading import Event
from uuid import uuid4

from ..camera.open import open_camera
from ..camera.source import Source
from ..core.delivery import StationMode
from ..core.errors import EdgeInspectError, SettingsError
from ..core.inspection import ModelRef
from ..core.recipe import Recipe
from ..models.judge import load_judge
from ..settings.recipe_file import load_recipe
from ..settings.tree import Settings
from .actuators import NoActuator
from .announcer import Announcer
from .delivery import Delivery
from .inspector import Inspector
from .ledger import Ledger
from .loop import Station
from .outbox import Lane, Outbox
from .recorder import Draft, Recorder

DRAIN_TICK_S = 0.5
FAREWELL_DRAIN_S = 2.0

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
    Raises EdgeInspectError when model, recipe or camera cannot be used; the state says so first.
    """
    with ExitStack() as stack:
        outbox = Outbox(settings.outbox_path)
        stack.callback(outbox.close)
        announcer = Announcer(outbox, settings.address, settings.mqtt)
        announcer.open()
        stack.callback(announcer.close)
        try:
            station = _assemble(settings, outbox, announcer, stack, stop)
            station.run(_remaining(outbox, total_parts))
            station.recorder.close()
            if not stop.asked.is_set():
                announcer.say(StationMode.STOPPED, "the camera has no more frames")
        except EdgeInspectError as error:
            announcer.say(StationMode.FAULT, str(error))
            raise
        _drain(outbox, stop)
        announcer.say(StationMode.STOPPED, None)


def _assemble(
    settings: Settings, outbox: Outbox, announcer: Announcer, stack: ExitStack, stop: StopRequest
) -> Station:
    own = settings.station
    if own.model is None or not own.camera:
        raise SettingsError("the station has no model or no camera; set station.model and .camera.")
    recipe = load_recipe(own.recipe)
    judge = load_judge(own.model, threads=own.threads)
    _check_made_for(recipe, judge.ref)
    inspector = Inspector(judge, recipe, settings.address, own.context, own.purpose)
    announcer.use(judge.ref, recipe.ref)
    deliveries = [Delivery(outbox, lane, settings.address, settings.mqtt) for lane in Lane]
    for delivery in deliveries:
        delivery.open()
        stack.callback(delivery.close)

    def wake_deliveries() -> None:
        for delivery in deliveries:
            delivery.wake()

    recorder = Recorder(outbox, own.outbox_max_mb * 1_000_000, wake_deliveries)
    stack.callback(recorder.close)
    ledger = Ledger(settings.outbox_path.with_suffix(".ledger"))
    stack.callback(ledger.close)
    _account_for_interrupted(ledger, outbox, recorder, inspector)
    source = open_camera(own.camera)
    stack.callback(source.close)
    stop.watch(source)
    boot = uuid4()
    outbox.begin_boot(boot)
    return Station(boot, source, inspector, ledger, recorder, NoActuator(), announcer)


def _check_made_for(recipe: Recipe, model: ModelRef) -> None:
    if recipe.model is not None and recipe.model != model.sha256:
        raise SettingsError(
            f"recipe {recipe.name} was made for model {recipe.model[:12]}, and the station has "
            f"{model.name} {model.sha256[:12]}; name the right model, or mend the recipe."
        )


def _account_for_interrupted(
    ledger: Ledger, outbox: Outbox, recorder: Recorder, inspector: Inspector
) -> None:
    """Record the parts that a killed boot handed out and never wrote down."""
    last = ledger.last()
    if last is None or last.boot not in outbox.boots():
        return
    written = [
        recorder.record(Draft(inspector.interrupted(last, sequence), None))
        for sequence in range(outbox.appended(last.boot) + 1, last.sequence + 1)
    ]
    for future in written:
        future.result()
    if written:
        _log.warning("%d parts of an interrupted run go to review", len(written))


def _remaining(outbox: Outbox, total_parts: int | None) -> int | None:
    return None if total_parts is None else max(0, total_parts - outbox.counts().inspected)


def _drain(outbox: Outbox, stop: StopRequest) -> None:
    while not stop.asked.is_set():
        if outbox.wait_until_empty(DRAIN_TICK_S):
            return
    outbox.wait_until_empty(FAREWELL_DRAIN_S)
