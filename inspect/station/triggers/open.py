"""From a trigger's line in the settings to what listens to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from ...camera.foreseen import Foresee, unforeseen
from ...camera.live import LiveSource
from ...camera.open import check_camera_url, is_live, open_camera
from ...camera.source import Source
from ...camera.triggered import Pairing, TriggeredBasket
from ...core.address import Address, parse_address
from ...core.errors import SettingsError
from ...core.modbus import parse_device
from ...settings.tree import Port, Settings
from .bits import CoilBit, PinBit
from .http import HttpWire
from .mqtt import MqttWire
from .polled import Edge, Edges, PolledWire
from .source import TriggeredSource
from .wire import Ear, Wire

FREE = "free"
EXAMPLES = "free, mqtt:, http:8421, modbus://10.0.0.7:502/coil/12 or gpio:17"
PIN_POLL_S = 0.001
Milliseconds = Annotated[float, Field(ge=1, le=1000)]
Debounce = Annotated[float, Field(ge=0, le=1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Http(Pairing):
    port: Port


@dataclass(frozen=True, slots=True, kw_only=True)
class _Modbus(Pairing):
    place: str
    unit: Annotated[int, Field(ge=0, le=255)] = 1
    edge: Edge = Edge.RISING
    poll_ms: Milliseconds = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gpio(Pairing):
    pin: Annotated[int, Field(ge=0, le=999)]
    edge: Edge = Edge.RISING
    debounce_ms: Debounce = 5.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which frame a trigger is given, and what makes the wire that it comes by."""

    pairing: Pairing
    wire: Callable[[Ear, Settings], Wire]


def check_trigger(trigger: str, camera: str) -> None:
    """Raise SettingsError or CameraError for a trigger that this camera cannot have."""
    check_camera_url(camera)
    _plan(trigger, camera)


def open_source(settings: Settings, foresee: Foresee = unforeseen) -> Source:
    """Open the station's camera, and what triggers it; `foresee` hears of parts as they come."""
    own = settings.station
    plan = _plan(own.trigger, own.camera)
    camera = open_camera(own.camera)
    if not isinstance(camera, LiveSource):
        return camera
    if plan is None:
        camera.foresee(foresee)
        return camera
    basket = TriggeredBasket(plan.pairing, lambda: camera.trouble, foresee=foresee)
    camera.pair(basket)
    ear = Ear(basket.trigger, f"trigger {own.trigger}")
    wire = plan.wire(ear, settings)
    try:
        wire.open()
    except BaseException:
        camera.close()
        raise
    return TriggeredSource(camera, basket, wire, ear)


def _plan(trigger: str, camera: str) -> _Plan | None:
    if trigger == FREE:
        return None
    address = parse_address(trigger, SettingsError)
    if address.kind not in _KINDS:
        raise SettingsError(
            f"{address.shown}: not a trigger this version knows; write one such as {EXAMPLES}."
        )
    plan = _KINDS[address.kind](address)
    if not is_live(camera):
        raise SettingsError(
            f"{address.shown}: triggers a live camera, and a folder or film hands out what it has; "
            f"set station.trigger to {FREE}, or name a live camera."
        )
    return plan


def _mqtt(address: Address) -> _Plan:
    return _Plan(
        address.read_as(Pairing, None),
        lambda ear, settings: MqttWire(ear, settings.address, settings.mqtt),
    )


def _http(address: Address) -> _Plan:
    said = address.read_as(_Http, "port")
    return _Plan(said, lambda ear, _settings: HttpWire(ear, said.port))


def _modbus(address: Address) -> _Plan:
    said = address.read_as(_Modbus, "place")
    try:
        device, spot = parse_device(said.place, said.unit)
        if not spot.is_bit:
            raise ValueError(f"{spot} is no bit; write coil/12 or input/12")
    except ValueError as error:
        raise SettingsError(f"{address.shown}: {error}.") from None
    return _Plan(
        said,
        lambda ear, _settings: PolledWire(
            ear, CoilBit(device, spot), lambda: Edges(said.edge, 0.0), said.poll_ms / 1e3
        ),
    )


def _gpio(address: Address) -> _Plan:
    said = address.read_as(_Gpio, "pin")
    return _Plan(
        said,
        lambda ear, _settings: PolledWire(
            ear, PinBit(said.pin), lambda: Edges(said.edge, said.debounce_ms / 1e3), PIN_POLL_S
        ),
    )


_KINDS: dict[str, Callable[[Address], _Plan]] = {
    "mqtt": _mqtt,
    "http": _http,
    "modbus": _modbus,
    "gpio": _gpio,
}
