"""Sets a camera as it is asked for; what it refuses is an error, never silent."""

import contextlib
from math import isclose

from ...core.errors import CameraError
from .job import Asked
from .library import Features, RefusedError, Value

WITHIN = 0.01
"""Cameras take times and rates in steps of their own: so much off is as asked."""
EDGES = {"rising": "RisingEdge", "falling": "FallingEdge"}


def configure(features: Features, asked: Asked, name: str) -> None:
    """Set a camera as asked; raises CameraError, naming it by `name`, for what it cannot do."""
    setter = _Setter(features, name)
    setter.choose("format", asked.format, "PixelFormat")
    setter.number("width", asked.width or None, "Width")
    setter.number("height", asked.height or None, "Height")
    if asked.exposure_us:
        setter.quietly("ExposureAuto", "Off")
        setter.number("exposure_us", float(asked.exposure_us), "ExposureTime", "ExposureTimeAbs")
    if asked.gain_db is not None:
        setter.quietly("GainAuto", "Off")
        setter.number("gain_db", float(asked.gain_db), "Gain")
    if asked.rate:
        setter.quietly("AcquisitionFrameRateEnable", True)
        rates = ("AcquisitionFrameRate", "AcquisitionFrameRateAbs")
        setter.number("rate", float(asked.rate), *rates)
    setter.quietly("AcquisitionMode", "Continuous")
    _trigger(setter, features, asked)


def steady(features: Features, auto: str, *names: str) -> float | None:
    """Return a value that holds for every picture; None where the camera changes it, or has none.

    `auto` is the feature that lets the camera choose.
    """
    with contextlib.suppress(RefusedError):
        if features.has(auto) and features.read(auto, str) != "Off":
            return None
        for name in names:
            if features.has(name):
                return float(features.read(name, float))
    return None


def _trigger(setter: "_Setter", features: Features, asked: Asked) -> None:
    if features.has("TriggerMode"):
        every = features.entries("TriggerSelector") if features.has("TriggerSelector") else ()
        for each in every or (None,):
            if each is not None:
                setter.quietly("TriggerSelector", each)
            setter.quietly("TriggerMode", "Off")
    if asked.trigger != "line":
        return
    setter.quietly("TriggerSelector", "FrameStart")
    setter.choose("line", asked.line, "TriggerSource")
    setter.choose("edge", EDGES[asked.edge], "TriggerActivation")
    setter.choose("trigger", "On", "TriggerMode")


class _Setter:
    """Sets one feature, and says in a sentence when it could not."""

    def __init__(self, features: Features, name: str) -> None:
        self._features = features
        self._name = name

    def choose(self, option: str, word: str, feature: str) -> None:
        """Set a word, if any is asked for."""
        if not word:
            return
        self._must_have(option, feature)
        offered = self._features.entries(feature)
        if word not in offered:
            raise CameraError(
                f"{self._name}: has no {option} {word}, it offers {', '.join(offered)}; "
                f"mend {option} in its address."
            )
        self._write(option, feature, word)
        self._check(option, word, self._features.read(feature, str))

    def number(self, option: str, wanted: float | None, *features: str) -> None:
        """Set a number, if any is asked for, by the first of `features` that the camera has."""
        if wanted is None:
            return
        kind = type(wanted)
        feature = next((each for each in features if self._features.has(each)), features[0])
        self._must_have(option, feature)
        low, high = self._features.bounds(feature, kind)
        if not low <= wanted <= high:
            raise CameraError(
                f"{self._name}: has no {option} of {wanted:g}, it offers {low:g} to {high:g}; "
                f"mend {option} in its address."
            )
        self._write(option, feature, wanted)
        self._check(option, wanted, self._features.read(feature, kind))

    def quietly(self, feature: str, value: Value) -> None:
        """Set what not every camera has, where it is not so already."""
        has = self._features.has(feature)
        if has and self._features.read(feature, type(value)) != value:
            self._write(feature, feature, value)

    def _must_have(self, option: str, feature: str) -> None:
        if not self._features.has(feature):
            raise CameraError(
                f"{self._name}: cannot be asked for {option}, it has no {feature}; "
                f"leave {option} out of its address."
            )

    def _write(self, option: str, feature: str, value: Value) -> None:
        try:
            self._features.write(feature, value)
        except RefusedError as error:
            raise CameraError(
                f"{self._name}: refuses {option}={value} ({error}); mend {option} in its address."
            ) from None

    def _check(self, option: str, wanted: Value, got: Value) -> None:
        near = isinstance(wanted, float) and isclose(wanted, float(got), rel_tol=WITHIN)
        if got != wanted and not near:
            raise CameraError(
                f"{self._name}: made {option}={got} of {option}={wanted}; "
                f"write what it can do into its address."
            )
