"""What `doctor` looks at of a station, one that judges or one that joins views."""

from collections.abc import Callable, Container
from contextlib import closing, suppress
from functools import partial

from ...core.address import shown
from ...core.errors import SettingsError
from ...core.views import joins_views, parse_views
from ...settings.station import StationSettings
from ...settings.tree import Settings
from .check import Check, Health, tried


def checks_of(
    station: StationSettings, on_this_box: Container[str]
) -> tuple[Callable[[Settings], Check], ...]:
    """Return what is looked at of such a station."""
    if joins_views(station.camera):
        return (_recipe, partial(_views, on_this_box=on_this_box), _gate, _encoder)
    return (_recipe, _recipes, _model, _camera, _code_camera, _trigger, _gate, _encoder)


def _recipe(settings: Settings) -> Check:
    from ...settings.recipe_file import load_recipe
    from ...station.in_force import RecipeInForce

    def look() -> str:
        own = load_recipe(settings.station.recipe)
        kept = RecipeInForce(settings.recipe_in_force_path, own, settings.station.recipes).recall()
        if kept is None:
            return f"{own.name} can be used"
        return f"{kept.name} version {kept.version} is in force, by a changeover"

    return tried("recipe", look)


def _recipes(settings: Settings) -> Check:
    from ...station.changeover import choice_of, open_shelf

    own = settings.station
    if own.recipes is None or own.model is None:
        return Check("changeover", Health.OK, "station.recipes names no folder: to no other recipe")
    folder, shelf = own.recipes, open_shelf(own, own.model)

    def look() -> str:
        choice = choice_of(folder, shelf)
        names = ", ".join(f"{recipe.name} version {recipe.version}" for recipe in choice.recipes)
        others = ", ".join(path.name for path in choice.others)
        found = f"to {names}" if names else f"{folder} holds no recipe yet"
        return f"{found}; no recipe: {others}" if others else found

    return tried("changeover", look)


def _model(settings: Settings) -> Check:
    from ...models.judge import load_judge

    own = settings.station
    path, keys = own.model, own.trusted_keys
    if path is None:
        return Check("model", Health.BAD, "none named; set station.model to a taught file")
    trust = ", signed by a trusted key" if keys else ""

    def look() -> str:
        judge = load_judge(path, threads=own.threads, trusted_keys=keys, runtime=own.runtime)
        return f"{judge.manifest.name}{trust}, proved on this box in {judge.ref.runtime}"

    return tried("model", look)


def _camera(settings: Settings) -> Check:
    url = settings.station.camera
    if not url:
        return Check("camera", Health.BAD, "none named; set station.camera, as folder:/images")

    return tried("camera", lambda: _seen(url))


def _seen(url: str) -> str:
    """Return what a camera's pictures are like. Raises CameraError."""
    from ...camera.open import open_camera
    from ...camera.trial import first_picture

    with closing(open_camera(url)) as source:
        image = first_picture(source, shown(url))
    height, width = image.shape[:2]
    return f"{shown(url)}: {width}x{height}"


def _code_camera(settings: Settings) -> Check:
    from ...camera.code_camera import check_code_camera

    own = settings.station
    url = own.code_camera
    if url is None:
        return Check("code camera", Health.OK, "none; serials are read in the part's own picture")

    def look() -> str:
        check_code_camera(url, own.camera)
        return _seen(url)

    return tried("code camera", look)


def _views(settings: Settings, on_this_box: Container[str]) -> Check:
    """Look at where the views are, and whether there is time for them."""
    from ...settings.recipe_file import load_recipe

    views = parse_views(settings.station.camera)
    joins = f"joins {', '.join(views.stations)} within {views.within_ms:g} ms"
    doubts: list[str] = []
    if others := [name for name in views.stations if name not in on_this_box]:
        doubts.append(f"{', '.join(others)} must be on another box")
    with suppress(SettingsError):  # of that the check of the recipe tells
        delay_ms = load_recipe(settings.station.recipe).gate.delay_ms
        if delay_ms is not None and delay_ms <= views.within_ms:
            doubts.append(
                f"parts are at the gate after {delay_ms:g} ms, before a view is known to be missing"
            )
    return Check("views", Health.WARN if doubts else Health.OK, "; ".join([joins, *doubts]))


def _trigger(settings: Settings) -> Check:
    from ...station.triggers.open import check_trigger

    own = settings.station

    def look() -> str:
        check_trigger(own.trigger, own.camera)
        return shown(own.trigger)

    return tried("trigger", look)


def _gate(settings: Settings) -> Check:
    """Look at what moves the gate, without moving it."""
    from ...settings.recipe_file import load_recipe
    from ...station.gate.gate import check_timed
    from ...station.gate.place import output_place

    place = output_place(settings)
    if place is None:
        return Check("gate", Health.OK, "none is moved")

    def look() -> str:
        check_timed(settings.station, load_recipe(settings.station.recipe))
        return place.output().look()

    return tried("gate", look)


def _encoder(settings: Settings) -> Check:
    """Look at what counts the way of the belt."""
    from ...core.encoder import parse_encoder
    from ...station.gate.encoder import counter_of

    line = settings.station.encoder
    if line is None:
        return Check("encoder", Health.OK, "none; parts go to the gate by time")

    def look() -> str:
        place = parse_encoder(line)
        with closing(counter_of(place.kind, place.options)) as counter:
            counter.open()
            return f"{shown(line)}: its count is {counter.read():,}"

    return tried("encoder", look)
