"""The settings of one station."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from ..core.actuator import parse_actuator
from ..core.encoder import parse_encoder
from ..core.errors import SettingsError
from ..core.identity import Name
from ..core.part import PartContext
from ..core.runtime import Runtime
from ..core.verdict import Purpose
from ..core.views import joins_views, parse_views
from .section import NamedPath, Section


def _can_be_moved(line: str) -> str:
    try:
        parse_actuator(line)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return line


ActuatorLine = Annotated[str, AfterValidator(_can_be_moved)]
"""What moves the gate, in one line."""


def _can_be_counted(line: str) -> str:
    try:
        parse_encoder(line)
    except SettingsError as error:
        raise ValueError(str(error)) from None
    return line


EncoderLine = Annotated[str, AfterValidator(_can_be_counted)]
"""What counts the way of the belt, in one line."""


class StationSettings(Section):
    """One camera position of this box."""

    enabled: bool = Field(True, title="Run a station on this box")
    name: Name = Field("station-1", title="Name of the station")
    camera: str = Field(
        "",
        title="Where frames come from, as a URL such as usb:0, rtsp://10.0.0.5/stream1 or "
        "folder:/images?rate=5&loop=true; or views:top,side?within_ms=2000, the stations whose "
        "verdicts this one joins",
    )
    trigger: str = Field(
        "free",
        title="What says that a part is there: free (every frame the camera hands out), mqtt:, "
        "http:8421, modbus://10.0.0.7:502/coil/12, gpio:17 or present: (seen in the picture)",
    )
    code_camera: str | None = Field(
        None,
        title="A second camera, in whose picture the serial is read in place of the part's own: a "
        "live one, as usb:1 or rtsp://10.0.0.6/stream1",
    )
    code_camera_within_ms: float = Field(
        100,
        ge=1,
        le=2000,
        title="How far from the part's picture that camera's may be taken, in ms; at most half of "
        "the time between two parts",
    )
    model: NamedPath | None = Field(None, title="Model file the station judges with")
    recipe: NamedPath | None = Field(
        None, title="Recipe file (TOML); without one the model's own suggestions are used"
    )
    recipes: NamedPath | None = Field(
        None, title="Folder of recipe files (TOML) that the station can be changed over to"
    )
    models: NamedPath | None = Field(
        None, title="Folder of the models that those recipes name; without one, that of `model`"
    )
    trusted_keys: tuple[NamedPath, ...] = Field(
        (),
        title="Public key files (PEM); the model must be signed with one of them. "
        "Without any, every model that proves itself is taken",
    )
    purpose: Purpose = Field(Purpose.PRODUCTION, title="Why parts are inspected")
    threads: int = Field(2, ge=1, le=64, title="Threads the judge may use")
    runtime: Runtime = Field(
        Runtime.AUTO,
        title="What runs the model; auto takes the faster of those that prove it on this box",
    )
    outbox_max_mb: int = Field(
        2048,
        ge=16,
        le=1_000_000,
        title="Space for what is not recorded yet, in MB; when it is full, images of passed parts "
        "are given up first, then other images, and records last",
    )
    outbox_max_days: int = Field(
        90, ge=1, le=3650, title="Age at which unrecorded images are given up; never records"
    )
    actuator: ActuatorLine = Field(
        "none",
        title="What moves the gate behind the camera, as modbus://10.0.0.7:502/coil/12, "
        "opcua://10.0.0.7:4840/ns=2;s=Gate, mqtt: or gpio:17",
    )
    actuator_username: str | None = Field(None, title="User name at an opcua actuator")
    actuator_password: SecretStr | None = Field(None, title="Password at an opcua actuator")
    actuator_certificate: NamedPath | None = Field(
        None,
        title="Certificate (PEM) of this box for an opcua actuator, as `edgeinspect gate "
        "certificate` makes it; naming one turns encryption on",
    )
    actuator_key: NamedPath | None = Field(
        None, title="Key (PEM) that belongs to actuator_certificate"
    )
    actuator_server_certificate: NamedPath | None = Field(
        None, title="Certificate (PEM or DER) that the opcua actuator must show"
    )
    encoder: EncoderLine | None = Field(
        None,
        title="What counts the way of the belt, for recipes with delay_counts, as "
        "modbus://10.0.0.7:502/input-register/40?bits=32&poll_ms=10 or gpio:17",
    )
    watchdog_s: float = Field(
        2.0, ge=0.5, le=60, title="Silence of the station after which the gate closes, in s"
    )
    context: PartContext = Field(
        default_factory=PartContext, title="What is known of every part here: step, machine, shift"
    )

    @model_validator(mode="after")
    def _actuator_asks_who(self) -> Self:
        files = self.actuator_certificate, self.actuator_key, self.actuator_server_certificate
        given = (self.actuator_username, self.actuator_password, *files)
        if any(given) and not self.actuator.startswith("opcua:"):
            raise ValueError(
                "actuator_username, actuator_password and actuator_certificate are for an opcua "
                "actuator; leave them out"
            )
        if any(files) and not all(files):
            raise ValueError(
                "actuator_certificate, actuator_key and actuator_server_certificate belong "
                "together: name all three, or none"
            )
        if self.actuator_password is not None and self.actuator_username is None:
            raise ValueError("actuator_password has no user; set actuator_username")
        return self

    @model_validator(mode="after")
    def _joins_others(self) -> Self:
        if not joins_views(self.camera):
            return self
        try:
            views = parse_views(self.camera)
        except SettingsError as error:
            said = str(error).removesuffix(".").removesuffix("; mend that value")
            raise ValueError(said) from None
        if self.name in views.stations:
            raise ValueError(f"camera names {self.name} itself; name the stations that it joins")
        judges = (self.code_camera, self.model, self.recipes, self.models, *self.trusted_keys)
        if any(judges) or self.trigger != "free":
            raise ValueError(
                "a station that joins views judges no pictures: code_camera, model, models, "
                "recipes, trusted_keys and trigger are for the stations it joins; leave them out"
            )
        return self
