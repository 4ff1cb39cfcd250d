"""`edgeinspect gate`: try the gate behind the camera."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import ServiceError, SettingsError
from ..options import Config, Data, Json, Station, settings_of
from ..terminal import out, plain, print_json

if TYPE_CHECKING:
    from ...settings.tree import Settings
    from ...station.gate.by_hand import Move
    from ...station.ledger import Ledger


def test(
    times: Annotated[int, typer.Option(min=1, max=1000, help="Opened and closed so often")] = 3,
    pause: Annotated[float, typer.Option(min=0, max=60, help="Time between two moves, in s")] = 1.0,
    station: Station = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Open and close the gate, and show how long each move took. Keep your hands out of it.

    The gate ends closed. A running station moves it alone: stop it first.
    """
    from ...core.address import shown
    from ...station.gate.by_hand import move_by_hand
    from ...station.gate.place import output_place

    settings = settings_of(config, data).of_station(station)
    place, line = output_place(settings), shown(settings.station.actuator)
    if place is None:
        raise SettingsError("no gate is named; set station.actuator, as modbus://10.0.0.7/coil/12.")

    def see(move: "Move") -> None:
        if not as_json:
            where = "open" if move.open else "closed"
            out.print(plain(f"{where:6}  {move.took_ms:.1f} ms"), markup=False)

    with closing(_station_kept_out(settings)):
        moved = move_by_hand(place.output(), line, times, pause, see)
    if as_json:
        print_json(asdict(moved))


def certificate(
    folder: Annotated[Path, typer.Argument(help="Folder for gate.pem and gate.key")],
) -> None:
    """Make the certificate by which an OPC UA server knows this box, and its key."""
    import socket

    from ...station.gate.certificate import make_certificate

    made, key = folder / "gate.pem", folder / "gate.key"
    thumbprint = make_certificate(made, key, socket.gethostname())
    out.print(f"{made}: let the server trust it; its thumbprint is {thumbprint}", markup=False)
    out.print(f"{key}: keep it on this box", markup=False)
    out.print("name both as station.actuator_certificate and actuator_key", markup=False)


def _station_kept_out(settings: "Settings") -> "Ledger":
    """Return what no station starts beside; raises ServiceError where one works already."""
    from ...station.ledger import Ledger

    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        return Ledger(settings.ledger_path)
    except OSError as error:
        raise ServiceError(
            f"{settings.data}: cannot be used ({error.strerror}); name another folder with --data."
        ) from None
