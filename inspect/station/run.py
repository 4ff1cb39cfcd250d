"""One boot of a station, from its settings to its farewell."""

from contextlib import ExitStack
from threading import Event, Thread
from typing import Any, Protocol

from ..camera.code_camera import open_code_camera
from ..core.delivery import StationMode
from ..core.errors import EdgeInspectError, SettingsError
from ..core.views import joins_views
from ..settings.recipe_file import check_made_for, load_recipe
from ..settings.tree import Settings
from .changeover import Changeover, load_own_judge, open_shelf
from .desk import Desk, account_for_interrupted, begin, drain, left_unwritten, open_desk
from .gate.gate import gate_of
from .in_force import RecipeInForce
from .inspector import Inspector
from .joining.assemble import assemble_joining
from .loop import Station
from .outbox import Outbox
from .seen_serials import SeenSerials
from .setup import Setups, set_up
from .tap import TappedSource
from .triggers.open import FREE, open_source

BACKLOG_S = 15.0
"""How long a station that cannot judge delivers what earlier boots left, before it ends."""


class Closeable(Protocol):
    """Hands something out until it is closed."""

    def close(self) -> None:
        """Let who waits go."""
        ...


class StopRequest:
    """Asks a running station to end; safe to call from a signal handler."""

    def __init__(self) -> None:
        self.asked = Event()
        self._source: Closeable | None = None
        self._closing: Thread | None = None

    def watch(self, source: Closeable) -> None:
        """Close `source` when the stop is asked for, or at once if it was."""
        self._source = source
        if self.asked.is_set():
            source.close()

    def ask(self) -> None:
        """End the station after the part in hand.

        A signal comes in between a look and the wait after it, too, with the reader's own locks
        held: the source is closed by another thread.
        """
        self.asked.set()
        if self._source is not None and self._closing is None:
            self._closing = Thread(target=self._source.close, name="stop")
            self._closing.start()

    def settle(self) -> None:
        """Wait until what was asked for is done."""
        if self._closing is not None:
            self._closing.join()


def run_station(settings: Settings, stop: StopRequest, total_parts: int | None = None) -> None:
    """Run one boot of the station until its source ends, or the stop is asked for.

    `total_parts` counts what earlier boots of the same data folder inspected too, so that a
    station that was killed goes on where it was. A source that ended is followed by a wait until
    everything is recorded; a stop waits 2 s for it.
    Raises EdgeInspectError when model, recipe or camera cannot be used; the state says so first,
    and what earlier boots left behind is delivered meanwhile.
    """
    with ExitStack() as stack:
        stack.callback(stop.settle)
        desk = open_desk(settings, stack, stop.asked)
        ended = None
        try:
            station = _assemble(settings, desk, stack, stop)
            if station is not None:
                station.run(_remaining(desk.outbox, total_parts))
            if not stop.asked.is_set():
                ended = "the camera has no more frames"
                desk.announcer.say(StationMode.STOPPED, ended)
        except EdgeInspectError as error:
            desk.announcer.say(StationMode.FAULT, str(error))
            drain(desk, stop.asked, BACKLOG_S)
            raise
        drain(desk, stop.asked, None)
        desk.announcer.say(StationMode.STOPPED, left_unwritten(desk) or ended)


def _assemble(
    settings: Settings, desk: Desk, stack: ExitStack, stop: StopRequest
) -> Station[Any] | None:
    """Return all that a boot works with; None when a stop came before what an earlier boot left
    could be written down.
    """
    own = settings.station
    if joins_views(own.camera):
        return assemble_joining(settings, desk, stack, stop.watch)
    if own.model is None or not own.camera:
        raise SettingsError("the station has no model or no camera; set station.model and .camera.")
    configured = load_recipe(own.recipe)
    in_force = RecipeInForce(settings.recipe_in_force_path, configured, own.recipes)
    shelf = open_shelf(own, own.model)
    if (recalled := in_force.recall()) is not None:
        recipe, judge = recalled, shelf.of(recalled)
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
    if not account_for_interrupted(desk, inspector):
        return None  # a new boot would take the place of the earlier one in the ledger
    gate = gate_of(settings, recipe, desk.announcer)
    source = TappedSource(open_source(settings, gate.foresee), desk.tap)
    stack.callback(source.close)
    source.watch(desk.announcer.see)
    if own.trigger != FREE:  # it is ready, though no part may come for hours
        desk.announcer.say(StationMode.RUNNING)
    stop.watch(source)
    desk.reporter.hampers.append(lambda: setups.newest.drift.warning)
    desk.commands.changeover = Changeover(own, setups, shelf, gate, in_force, desk.announcer)
    return begin(desk, stack, source, setups, gate)


def _remaining(outbox: Outbox, total_parts: int | None) -> int | None:
    if total_parts is None:
        return None
    inspected = sum(counts.inspected for counts in outbox.counts().values())
    return max(0, total_parts - inspected)
