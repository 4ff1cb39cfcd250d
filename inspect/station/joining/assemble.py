"""What a station that joins views works with."""

from collections.abc import Callable
from contextlib import ExitStack

from ...core.clock import utc_now
from ...core.delivery import StationMode
from ...core.views import parse_views
from ...settings.recipe_file import load_recipe
from ...settings.tree import Settings
from ..desk import Desk, account_for_interrupted, begin
from ..gate.gate import gate_of
from ..loop import Station
from ..tap import TappedSource
from .joiner import Joiner
from .matcher import Matcher, ViewedPart
from .source import ViewedParts
from .standing import Standing

JUDGES_NOTHING = "this station joins the verdicts of others; ask those to change over."


def assemble_joining(
    settings: Settings,
    desk: Desk,
    stack: ExitStack,
    watch: Callable[[TappedSource[ViewedPart]], object],
) -> Station[ViewedPart] | None:
    """Return all that a boot works with, `watch` told of what hands out its parts.

    None when a stop came before what an earlier boot left could be written down.
    """
    own = settings.station
    views, recipe = parse_views(own.camera), load_recipe(own.recipe)
    joiner = Joiner(views, recipe, settings.address, own.context, own.purpose)
    desk.announcer.use(None, recipe.ref)
    if not account_for_interrupted(desk, joiner):
        return None
    gate = gate_of(settings, recipe, desk.announcer)
    matcher = Matcher(views, gate.foresee, since=utc_now())
    standing = Standing(views.stations, own.purpose)
    heard = ViewedParts(matcher, standing, settings.address, own.purpose, settings.mqtt)
    parts = TappedSource(heard, desk.tap)
    stack.callback(heard.hang_up)
    heard.open()
    parts.watch(desk.announcer.see)
    desk.announcer.say(StationMode.RUNNING)
    watch(parts)
    desk.commands.no_changeover = JUDGES_NOTHING
    desk.reporter.views_health = heard.views_health
    return begin(desk, stack, parts, joiner, gate)
