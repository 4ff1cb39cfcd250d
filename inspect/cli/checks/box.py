"""What `doctor` looks at on a box, whatever its stations are."""

import os
import platform
import shutil
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files

from ...core.errors import RecordsError
from ...core.version import VERSION
from ...messaging.knock import broker_trouble
from ...settings.tree import Settings
from ..client import ServerClient
from .check import Check, Health, tried

LOW_DISK_BYTES, NO_DISK_BYTES = 5_000_000_000, 500_000_000
CONNECT_S = 3.0


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
    from ...records.database import open_database

    def look() -> str:
        with closing(open_database(settings.database)):
            return "opened and up to date"

    return tried("database", look)


BOX_CHECKS: tuple[Callable[[Settings], Check], ...] = (
    _program, _processor, _data_folder, _disk, _page, _broker, _server, _database
)  # fmt: skip
