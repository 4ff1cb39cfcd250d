"""The processes of a box: station, server, broker, and all of them together."""

import gc
import logging
import signal
from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import SettingsError
from ...core.views import joins_views
from ...settings.load import find_settings, make_folder
from ...settings.station import StationSettings
from ...settings.tree import Settings
from ..options import Config, Data, settings_of
from ..supervisor import Child, supervise
from ..terminal import err

OBJECTS_A_COLLECTION = 5_000
"""So many more objects than before make Python look for those that nobody can reach. What it finds
it frees at once: ten times as many held up answers for 80 ms."""


def station(
    name: Annotated[
        str | None, typer.Argument(help="Which station of this box, where it has several")
    ] = None,
    config: Config = None,
    data: Data = None,
    total_parts: Annotated[
        int | None, typer.Option(help="Stop after so many parts, those of earlier runs counted in")
    ] = None,
) -> None:
    """Run a station of this box: capture, judge, decide, write down, report."""
    from ...station.run import StopRequest, run_station

    settings = _begin(config, data).of_station(name)
    stop = StopRequest()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.ask())
    run_station(settings, stop, total_parts)


def server(config: Config = None, data: Data = None) -> None:
    """Run the server: ingest, records, API and page."""
    from ...api.serve import serve

    settings = _begin(config, data)
    _spare_the_collector()
    serve(settings)


def broker(config: Config = None, data: Data = None) -> None:
    """Run this box's MQTT broker, on loopback unless Mosquitto is configured otherwise."""
    from ...messaging.embedded_broker import run_embedded_broker
    from ...messaging.mosquitto import run_mosquitto

    settings = _begin(config, data)
    # The broker runs outside Python and would never see Python's handler.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if settings.broker.kind == "mosquitto":
        run_mosquitto(settings.mqtt.port, settings.data, settings.broker.mosquitto_config)
    run_embedded_broker(settings.mqtt.port)


def up(config: Config = None, data: Data = None) -> None:
    """Run all that this box's settings name, and start again what dies."""
    settings = settings_of(config, data)
    for each in settings.of_each_station:
        check_station(each.station)
    children = children_of(settings, config, data)
    if not children:
        raise SettingsError("the settings enable nothing; set station.enabled or server.enabled.")
    err.print(f"starting {', '.join(child.name for child in children)}; Ctrl-C stops them")
    supervise(children)


def check_station(station: StationSettings) -> None:
    """Refuse what no later try can mend: no model or camera named, or no camera's URL.

    Raises SettingsError or CameraError. A file that is missing is left to the station's own tries.
    """
    if not station.enabled or joins_views(station.camera):
        return
    from ...camera.code_camera import check_code_camera
    from ...station.triggers.open import check_trigger

    if station.model is None or not station.camera:
        raise SettingsError(
            f"the station {station.name} has no model or no camera; set its model and camera, "
            "or its enabled to false."
        )
    check_trigger(station.trigger, station.camera)
    check_code_camera(station.code_camera, station.camera)


def children_of(settings: Settings, config: Path | None, data: Path | None) -> tuple[Child, ...]:
    """Return the processes that `settings` enable, in the order they are started."""
    found = find_settings(config)
    options = ["--config", str(found)] if found else []
    options += ["--data", str(data)] if data else []
    services = {"broker": settings.broker.enabled, "server": settings.server.enabled}
    children = [Child(name, (name, *options)) for name, on in services.items() if on]
    for station in (each.station for each in settings.of_each_station):
        if station.enabled:
            words = ("station", station.name) if settings.stations else ("station",)
            children.append(Child(" ".join(words), (*words, *options)))
    return tuple(children)


def _spare_the_collector() -> None:
    """Have Python's collector leave alone what was loaded, and come less often.

    A batch of inspections makes so many objects that it would look through all that the process
    knows several times for each, to find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_A_COLLECTION)


def _begin(config: Path | None, data: Path | None) -> Settings:
    settings = settings_of(config, data)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    make_folder(settings.data)
    return settings
