"""What `doctor` looks at; each check says what it found, and the mend when it is amiss."""

import os
import platform
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files

from ..core.address import shown
from ..core.errors import EdgeInspectError, RecordsError
from ..core.version import VERSION
from ..core.views import joins_views, parse_views
from ..messaging.knock import broker_trouble
from ..settings.station import StationSettings
from ..settings.tree import Settings
from .client import ServerClient

LOW_DISK_BYTES, NO_DISK_BYTES = 5_000_000_000, 500_000_000
CONNECT_S = 3.0


class Health(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at, and what was found."""

    name: str
    health: Health
    found: str


def all_checks(settings: Settings) -> tuple[Check, ...]:
    """Look at everything the settings name."""
    checks: list[Callable[[Settings], Check]] = [
        _program, _processor, _data_folder, _disk, _page, _broker, _server, _database
    ]  # fmt: skip
    found = [check(settings) for check in checks]
    for each in settings.of_each_station:
        if each.station.enabled:
            prefix = f"{each.station.name}: " if settings.stations else ""
            found += (_under(prefix, check(each)) for check in _checks_of(each.station))
    return tuple(found)


def _checks_of(station: StationSettings) -> tuple[Callable[[Settings], Check], ...]:
    if joins_views(station.camera):
        return (_recipe, _views, _gate, _encoder)
    return (_recipe, _recipes, _model, _camera, _code_camera, _trigger, _gate, _encoder)


def _under(prefix: str, check: Check) -> Check:
    return replace(check, name=prefix + check.name)


def _program(_settings: Settings) -> Check:
    found = f"edgeinspect {VERSION}, Python {platform.python_version()}, {platform.platform()}"
    return Check("program", Health.OK, found)


def _processor(_settings: Settings) -> Check:
    cores = len(os.sched_getaffinity(0))
    health = Health.OK if cores >= 2 else Health.WARN
    hint = "" if cores >= 2 else "; two are wanted, one to judge and one for the rest"
    return Check("processor", health, f"{platform.machine()}, {cores} cores{hint}")


def _data_folder(settings: Settings) -> Check:
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = f"{folder}: cannot be made ({error.strerror}); set data to a folder of yours"
        return Check("data folder", Health.BAD, found)
    if not os.access(folder, os.W_OK):
        found = f"{folder}: may not be written; give this user the right, or set data"
        return Check("data folder", Health.BAD, found)
    return Check("data folder", Health.OK, str(folder))


def _disk(settings: Settings) -> Check:
    place = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:.1f} GB free"
    if free < NO_DISK_BYTES:
        return Check("disk", Health.BAD, f"{found}; make room before the line starts")
    if free < LOW_DISK_BYTES:
        return Check("disk", Health.WARN, f"{found}; images will fill it soon")
    return Check("disk", Health.OK, found)


def _page(_settings: Settings) -> Check:
    if files("edgeinspect.api").joinpath("static/index.html").is_file():
        return Check("page", Health.OK, "built")
    return Check("page", Health.WARN, "not built; run `make page` in the source folder")


def _broker(settings: Settings) -> Check:
    mqtt = settings.mqtt
    where = f"{mqtt.host}:{mqtt.port}"
    trouble = broker_trouble(mqtt, CONNECT_S)
    if trouble is None:
        return Check("broker", Health.OK, f"{where} lets this box in")
    said = trouble.sentence.removesuffix(".")
    if not trouble.absent:
        return Check("broker", Health.BAD, said)
    own = "; start it with `edgeinspect up`" if settings.broker.enabled else ""
    return Check("broker", Health.WARN, said + own)


def _server(settings: Settings) -> Check:
    server = settings.server
    try:
        version = ServerClient(server.host, server.port, "correct server.port").get("/health")[
            "version"
        ]
    except RecordsError as error:
        return Check("server", Health.WARN, str(error).removesuffix("."))
    return Check("server", Health.OK, f"EdgeInspect {version} answers on port {server.port}")


def _database(settings: Settings) -> Check:
    from ..records.database import open_database

    def look() -> str:
        with closing(open_database(settings.database)):
            return "opened and up to date"

    return _tried("database", look)


def _recipe(settings: Settings) -> Check:
    from ..settings.recipe_file import load_recipe
    from ..station.in_force import RecipeInForce

    def look() -> str:
        own = load_recipe(settings.station.recipe)
        kept = RecipeInForce(settings.recipe_in_force_path, own, settings.station.recipes).recall()
        if kept is None:
            return f"{own.name} can be used"
        return f"{kept.name} version {kept.version} is in force, by a changeover"

    return _tried("recipe", look)


def _recipes(settings: Settings) -> Check:
    from ..station.changeover import choice_of, open_shelf

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

    return _tried("changeover", look)


def _model(settings: Settings) -> Check:
    from ..models.judge import load_judge

    own = settings.station
    path, keys = own.model, own.trusted_keys
    if path is None:
        return Check("model", Health.BAD, "none named; set station.model to a taught file")
    trust = ", signed by a trusted key" if keys else ""

    def look() -> str:
        judge = load_judge(path, threads=own.threads, trusted_keys=keys, runtime=own.runtime)
        return f"{judge.manifest.name}{trust}, proved on this box in {judge.ref.runtime}"

    return _tried("model", look)


def _camera(settings: Settings) -> Check:
    url = settings.station.camera
    if not url:
        return Check("camera", Health.BAD, "none named; set station.camera, as folder:/images")

    return _tried("camera", lambda: _seen(url))


def _seen(url: str) -> str:
    """Return what a camera's pictures are like. Raises CameraError."""
    from ..camera.open import open_camera
    from ..camera.trial import first_picture

    with closing(open_camera(url)) as source:
        image = first_picture(source, shown(url))
    height, width = image.shape[:2]
    return f"{shown(url)}: {width}x{height}"


def _code_camera(settings: Settings) -> Check:
    from ..camera.code_camera import check_code_camera

    own = settings.station
    url = own.code_camera
    if url is None:
        return Check("code camera", Health.OK, "none; serials are read in the part's own picture")

    def look() -> str:
        check_code_camera(url, own.camera)
        return _seen(url)

    return _tried("code camera", look)


def _views(settings: Settings) -> Check:
    views = parse_views(settings.station.camera)
    said = f"joins {', '.join(views.stations)} within {views.within_ms:g} ms"
    return Check("views", Health.OK, said)


def _trigger(settings: Settings) -> Check:
    from ..station.triggers.open import check_trigger

    own = settings.station

    def look() -> str:
        check_trigger(own.trigger, own.camera)
        return shown(own.trigger)

    return _tried("trigger", look)


def _gate(settings: Settings) -> Check:
    """Look at what moves the gate, without moving it."""
    from ..settings.recipe_file import load_recipe
    from ..station.gate.gate import check_timed
    from ..station.gate.place import output_place

    place = output_place(settings)
    if place is None:
        return Check("gate", Health.OK, "none is moved")

    def look() -> str:
        check_timed(settings.station, load_recipe(settings.station.recipe))
        return place.output().look()

    return _tried("gate", look)


def _encoder(settings: Settings) -> Check:
    """Look at what counts the way of the belt."""
    from ..core.encoder import parse_encoder
    from ..station.gate.encoder import counter_of

    line = settings.station.encoder
    if line is None:
        return Check("encoder", Health.OK, "none; parts go to the gate by time")

    def look() -> str:
        place = parse_encoder(line)
        with closing(counter_of(place.kind, place.options)) as counter:
            counter.open()
            return f"{shown(line)}: its count is {counter.read():,}"

    return _tried("encoder", look)


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, Health.OK, look())
    except EdgeInspectError as error:
        return Check(name, Health.BAD, str(error))
