"""`edgeinspect records stations` and `forget-station`: whose records these are."""

from typing import Annotated

import typer
from pydantic import ValidationError

from ...core.counted import counted
from ...core.errors import RecordsError
from ...core.inspection import StationAddress
from ..options import Config, Data, settings_of
from ..recorded import opened
from ..terminal import out, plain
from ..this_user import this_user


def stations(config: Config = None, data: Data = None) -> None:
    """List the stations that the records know, and what is recorded of each."""
    from ...records.queries.stations import stations as all_stations

    with opened(settings_of(config, data)) as database:
        found = all_stations(database)
    for each in found:
        last = each.last_inspection_at
        when = f"last {last:%Y-%m-%d %H:%M:%S}Z" if last else "no inspections"
        line = (
            f"{each.address}  {when}  {each.inspected:,} inspected  {counted(each.holes, 'hole')}"
        )
        out.print(plain(line), markup=False)


def forget_station(
    station: Annotated[str, typer.Argument(help="Its site, line and name: site/line-1/station-1")],
    reason: Annotated[str, typer.Option("--reason", help="Why; the audit log keeps it")],
    config: Config = None,
    data: Data = None,
) -> None:
    """Take a station off the list that never inspected a part: a typing error, or a stranger's.

    A station with inspections stays. One that announces itself again is listed again: so does the
    last state of it that a broker keeps, when the server starts.
    """
    from ...messaging.topics import Channel, Topic
    from ...records.forget import forget_station as forget

    if not reason.strip():
        raise RecordsError("--reason is empty: say why the station is to be forgotten.")
    address = _address(station)
    with opened(settings_of(config, data)) as database:
        forget(database, address, reason, this_user())
    out.print(plain(f"{address} is forgotten"), markup=False)
    out.print(
        "a broker that keeps its last state announces it again; as one who may publish there: "
        f"mosquitto_pub -r -n -t '{Topic(address, Channel.STATE)}'",
        markup=False,
    )


def _address(text: str) -> StationAddress:
    try:
        site, line, station = text.split("/")
        return StationAddress(site=site, line=line, station=station)
    except (ValueError, ValidationError):
        raise RecordsError(
            f"{text!r} names no station; give site, line and station: site/line-1/station-1."
        ) from None
