"""`edgeinspect ask`: a station is told to pause, go on, show its newest frame, or say how it is."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from ...core.clock import utc_now
from ...core.command import KINDS, Command
from ...core.counted import counted
from ...core.errors import SettingsError
from ...core.identity import new_id
from ...core.inspection import StationAddress
from ...core.reply import Done
from ...core.whole_file import replace_file
from ..options import Config, Data, Json, settings_of
from ..terminal import out, plain, print_json
from ..this_user import this_user


class Asked(StrEnum):
    """What a station may be asked."""

    PAUSE = "pause"
    RESUME = "resume"
    SNAPSHOT = "snapshot"
    STATUS = "status"
    CHANGEOVER = "changeover"


def ask(
    what: Annotated[Asked, typer.Argument(help="What it shall do")],
    station: Annotated[
        str | None,
        typer.Option(
            "--station", help="STATION, LINE/STATION or SITE/LINE/STATION; else this box's"
        ),
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who asks; else the user here")] = None,
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, max=300, help="Seconds to wait for the answer")
    ] = 10.0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JPEG file to write a snapshot to")
    ] = None,
    recipe: Annotated[
        str | None, typer.Option("--recipe", help="Name of the recipe to change over to")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--recipe-version", min=1, help="Its version, if there are more")
    ] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Ask a running station to pause, to resume, for a snapshot, for its status, for a changeover.

    A pause lets the part in hand be finished, and lasts until `resume` or a restart.
    """
    from ...messaging.asker import ask as ask_station

    if (what is Asked.SNAPSHOT) != (output is not None):
        raise SettingsError("a snapshot, and nothing else, is written to a file; name it with -o.")
    if (what is Asked.CHANGEOVER) != (recipe is not None):
        raise SettingsError("a changeover, and nothing else, needs a recipe; name it by --recipe.")
    settings = settings_of(config, data)
    expires_at = utc_now() + timedelta(seconds=timeout)
    command = _command(what, by or this_user()[:128], expires_at, recipe, version)
    own = settings if station else settings.of_station(None)
    address = _address(own.address, station)
    done = ask_station(settings.mqtt, address, command, timeout)
    if output is not None and done.picture is not None:
        replace_file(output, done.picture.jpeg)
    if as_json:
        print_json(done.model_dump(mode="json", exclude={"picture": {"jpeg_base64"}}))
    else:
        out.print(plain(_line(address, done)), markup=False)
        if output is not None and done.picture is not None:
            out.print(plain(f"{output}: is what its camera saw last"), markup=False)


def _command(
    what: Asked, by: str, expires_at: datetime, recipe: str | None, version: int | None
) -> Command:
    more = {"recipe": recipe, "version": version} if what is Asked.CHANGEOVER else {}
    try:
        return KINDS[what].model_validate(
            {"id": new_id(), "by": by, "expires_at": expires_at, **more}
        )
    except ValidationError as error:
        if error.errors()[0]["loc"] == ("recipe",):
            raise SettingsError(f"--recipe {recipe!r}: is no name of a recipe; mend it.") from None
        raise SettingsError("--by is blank or longer than 128 signs; write a name.") from None


def _line(address: StationAddress, done: Done) -> str:
    now, said = done.station, f": {done.text}" if done.text else ""
    why = f" ({now.reason})" if now.reason else ""
    since = _time(now.since)
    return f"{address} is {now.mode}{why} since {since}, {counted(now.frames, 'frame')}{said}"


def _time(moment: datetime) -> str:
    """Return a moment in UTC, with its date unless that is today's."""
    is_today = moment.astimezone(UTC).date() == utc_now().date()
    return f"{moment.astimezone(UTC):{'' if is_today else '%Y-%m-%d '}%H:%M:%S}Z"


def _address(own: StationAddress, named: str | None) -> StationAddress:
    if named is None:
        return own
    levels = named.split("/")
    try:
        site, line, station = [own.site, own.line][: 3 - len(levels)] + levels
        return StationAddress(site=site, line=line, station=station)
    except ValueError:  # too few or many names, or what is no name
        raise SettingsError(
            f"{named!r}: is no station; write STATION, LINE/STATION or SITE/LINE/STATION."
        ) from None
