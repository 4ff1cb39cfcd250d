"""`edgeinspect camera`: find cameras, try one, and take a picture."""

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import CameraError, SettingsError
from ...core.whole_file import replace_file
from ..options import Config, Data, Json, settings_of
from ..terminal import err, out, plain, print_json

if TYPE_CHECKING:
    from ...camera.trial import Sight, Trial

Url = Annotated[
    str | None, typer.Argument(help="The camera, as usb:0; else the one in the settings")
]


def list_cameras(as_json: Json = False) -> None:
    """Show the cameras of this box and of its networks: USB, GigE Vision, and those of ONVIF.

    USB and GigE cameras come with their address for the settings. A network camera tells its
    IP address; the path of its stream is in its manual.
    """
    from ...camera.gige.listed import listed
    from ...camera.onvif import network_cameras
    from ...camera.usb_devices import usb_devices

    with err.status("asking the network"):
        gige, lacks = listed()
        network = network_cameras()
    usb = [(f"usb:{each.serial or each.number}", each) for each in usb_devices()]
    if as_json:
        by_usb = [asdict(each) | {"address": address} for address, each in usb]
        by_gige = [asdict(each.device) | {"address": each.address, "by": each.by} for each in gige]
        print_json([*by_usb, *by_gige, *(asdict(each) for each in network)])
        return
    if not usb and not gige and not network:
        out.print("no camera is found; one that keeps silent is named by its own address.")
    for address, device in usb:
        out.print(plain(f"{address}  {device.path}  {device.name}"), markup=False)
    for each in gige:
        where = f"{each.device.ip}  " if each.device.ip else ""
        what = f"{each.device.vendor} {each.device.model}, by {each.by}"
        out.print(plain(f"{each.address}  {where}{what}"), markup=False)
    for camera in network:
        what = " ".join(filter(None, (camera.name, camera.hardware))) or "a network camera"
        where = f"rtsp://USER:PASSWORD@{camera.ip}/..."
        out.print(plain(f"{where}  {what}; its manual names the path"), markup=False)
    for lack in lacks:
        err.print(plain(lack), markup=False)


def test(
    url: Url = None,
    seconds: Annotated[float, typer.Option(min=1, max=3600, help="So long")] = 5.0,
    trigger: Annotated[
        str | None, typer.Option(help="Count the parts that present:?axis=x sees as well")
    ] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Watch a camera for a while: rate, size, sharpness, light, and what went wrong.

    Turn the lens until `focus` is highest. The exit status is 1 when no picture came.
    """
    from ...camera.open import open_camera
    from ...camera.present.eye import Eye
    from ...camera.present.options import empty_scene, parse_present
    from ...camera.trial import tried

    present = parse_present(trigger) if trigger else None
    eye = Eye(present, empty_scene(present)) if present else None
    source = open_camera(named_camera(url, config, data))
    with closing(source), err.status("waiting for a picture") as shown:
        trial = tried(source, seconds, lambda sight: shown.update(_of_sight(sight)), eye)
    if as_json:
        print_json(asdict(trial))
    else:
        for line in _lines(trial):
            out.print(plain(line), markup=False)
    if not trial.pictures:
        raise typer.Exit(1)


def snapshot(
    output: Annotated[Path, typer.Option("--output", "-o", help="PNG file to write")],
    url: Url = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Take a picture. A camera that a running station has is asked for one by `edgeinspect ask`."""
    import cv2

    from ...camera.open import open_camera
    from ...camera.trial import first_picture, sight_of
    from ...core.address import shown

    if output.suffix.lower() != ".png":
        raise CameraError(f"{output}: a snapshot's name ends in .png; nothing of it is lost there.")
    named = named_camera(url, config, data)
    with closing(open_camera(named)) as source:
        image = first_picture(source, shown(named))
    replace_file(output, cv2.imencode(".png", image)[1].tobytes())
    out.print(plain(f"{output}: {_of_sight(sight_of(image))}"), markup=False)


def named_camera(url: str | None, config: Path | None, data: Path | None) -> str:
    """Return the camera named on the command line, else in the settings. Raises SettingsError."""
    named = url or settings_of(config, data).of_station(None).station.camera
    if not named:
        raise SettingsError("no camera is named; give one, such as usb:0, or set station.camera.")
    return named


def _of_sight(sight: "Sight") -> str:
    size = f"{sight.width}x{sight.height} pixels"
    return f"{size}, focus {sight.focus}, brightness {sight.brightness} of 255"


def _lines(trial: "Trial") -> list[str]:
    lines = [f"{trial.pictures} pictures in {trial.seconds:.1f} s, {trial.rate:.1f} a second"]
    if trial.sight is not None:
        lines.append(_of_sight(trial.sight))
    if trial.parts is not None:
        lines.append(f"{trial.parts} parts seen")
    if trial.unreadable:
        lines.append(f"{trial.unreadable} could not be judged")
    return [*lines, *trial.troubles]
