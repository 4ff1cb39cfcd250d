"""What a GigE camera is asked for, which one is meant, and how its frames are counted."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.camera.gige.devices import GigeDevice, choose
from edgeinspect.camera.gige.features import configure, steady
from edgeinspect.camera.gige.job import Asked, Job
from edgeinspect.camera.gige.library import RefusedError, Value
from edgeinspect.camera.gige.numbers import TURN, FrameNumbers
from edgeinspect.core.errors import CameraError

RED = GigeDevice("id-1", "Maker", "M1", "AB12", "red", "10.0.0.5")
BLUE = GigeDevice("id-2", "Maker", "M1", "CD34")


@pytest.mark.parametrize("wanted", ["AB12", "red", "10.0.0.5", "id-1"])
def test_a_camera_is_found_by_each_of_its_names(wanted: str) -> None:
    assert choose([RED, BLUE], wanted, "camera x") == RED


def test_a_model_is_enough_where_there_is_one_of_it() -> None:
    assert choose([BLUE], "M1", "camera x") == BLUE
    assert choose([BLUE], "Maker/M1", "camera x") == BLUE
    with pytest.raises(CameraError, match="camera x: the cameras of serials AB12, CD34"):
        choose([RED, BLUE], "Maker/M1", "camera x")


def test_one_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(CameraError, match=r"camera x: is not found \(there: AB12 \(Maker M1\)\)"):
        choose([RED], "EF56", "camera x")


@given(st.integers(1, 2**20), st.lists(st.tuples(st.integers(1, 500), st.booleans()), max_size=300))
def test_frames_are_counted_on_over_the_turn_of_their_numbers(
    first: int, steps: list[tuple[int, bool]]
) -> None:
    """A camera counts 1 to 65535; some of its frames do not come."""
    numbers, true, told = FrameNumbers(), first, first
    shift = numbers.of((first - 1) % TURN + 1) - first
    for step, came in steps:
        true += step if came else 1
        if came:
            told = numbers.of((true - 1) % TURN + 1)
            assert told - shift == true
    assert told >= first + shift


def test_a_camera_that_counts_anew_has_lost_no_frame_by_that() -> None:
    numbers = FrameNumbers()
    assert [numbers.of(each) for each in (30_000, 1, 2, 50_000)] == [30_000, 30_001, 30_002, 30_003]


def test_numbers_that_do_not_turn_and_frames_that_come_late() -> None:
    numbers = FrameNumbers()
    assert [numbers.of(each) for each in (70_000, 70_002, 70_001, 70_003)] == [
        70_000,
        70_002,
        70_002,
        70_003,
    ]


class Made:
    """A camera that has these features, some of which take no value, or another."""

    def __init__(self, **features: Value) -> None:
        self.set = dict(features)
        self.order: list[str] = []
        self.rounds: dict[str, float] = {}
        self.refuses: set[str] = set()

    def has(self, name: str) -> bool:
        return name in self.set

    def bounds(self, name: str, kind: type[int] | type[float]) -> tuple[float, float]:  # noqa: ARG002
        return (0, 48) if name == "Gain" else (16, 2048)

    def entries(self, name: str) -> Sequence[str]:
        words = {"PixelFormat": ["Mono8", "BayerRG8"], "TriggerSource": ["Line1", "Line2"]}
        words |= {"TriggerSelector": ["FrameStart", "AcquisitionStart"]}
        return words.get(name, ["On", "Off", "RisingEdge", "FallingEdge"])

    def read(self, name: str, kind: type[Value] | type[bool]) -> Value:
        return kind(self.set[name])

    def write(self, name: str, value: Value) -> None:
        if name in self.refuses:
            raise RefusedError("not now")
        self.order.append(f"{name}={value}")
        self.set[name] = self.rounds.get(name, value)


def camera(**more: Value) -> Made:
    usual: dict[str, Value] = {"PixelFormat": "Mono8", "Width": 640, "Height": 480}
    usual |= {"ExposureTime": 5000.0, "ExposureAuto": "Continuous", "Gain": 1.0}
    usual |= {"AcquisitionFrameRateAbs": 25.0, "AcquisitionFrameRateEnable": False}
    usual |= {"TriggerSelector": "AcquisitionStart", "TriggerMode": "On"}
    usual |= {"TriggerSource": "Software", "TriggerActivation": "FallingEdge"}
    return Made(**(usual | more))


def test_all_that_is_asked_for_is_set_in_an_order_that_cameras_take() -> None:
    made = camera()
    asked = Asked(800, 600, 30, 2000, 3, "BayerRG8", "line", "Line2", "rising")
    configure(made, asked, "camera x")
    assert made.order == [
        "PixelFormat=BayerRG8",
        "Width=800",
        "Height=600",
        "ExposureAuto=Off",
        "ExposureTime=2000.0",
        "Gain=3.0",
        "AcquisitionFrameRateEnable=True",
        "AcquisitionFrameRateAbs=30.0",
        "TriggerSelector=FrameStart",
        "TriggerMode=Off",
        "TriggerSelector=AcquisitionStart",
        "TriggerSelector=FrameStart",
        "TriggerSource=Line2",
        "TriggerActivation=RisingEdge",
        "TriggerMode=On",
    ]


def test_a_camera_that_runs_freely_waits_for_no_line() -> None:
    made = camera()
    configure(made, Asked(), "camera x")
    assert made.set["TriggerMode"] == "Off"
    assert made.set["Width"] == 640


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (Asked(width=4000), "camera x: has no width of 4000, it offers 16 to 2048; mend width"),
        (Asked(format="RGB8"), "has no format RGB8, it offers Mono8, BayerRG8; mend format"),
        (Asked(trigger="line", line="Line3"), "has no line Line3, it offers Line1, Line2; mend"),
        (Asked(height=600), "refuses height=600 .not now.; mend height"),
        (Asked(exposure_us=2000), "made exposure_us=1500.0 of exposure_us=2000.0; write what"),
        (Asked(gain_db=60), "cannot be asked for gain_db, it has no Gain; leave gain_db out"),
    ],
)
def test_what_a_camera_does_not_do_is_said(asked: Asked, says: str) -> None:
    made = camera()
    made.refuses.add("Height")
    made.rounds["ExposureTime"] = 1500.0
    del made.set["Gain"]
    with pytest.raises(CameraError, match=says):
        configure(made, asked, "camera x")


def test_a_value_in_a_cameras_own_steps_is_as_asked() -> None:
    made = camera()
    made.rounds["ExposureTime"] = 2004.0
    configure(made, Asked(exposure_us=2000), "camera x")


def test_what_a_camera_changes_by_itself_is_not_known() -> None:
    made = camera()
    assert steady(made, "ExposureAuto", "ExposureTime") is None
    made.set["ExposureAuto"] = "Off"
    assert steady(made, "ExposureAuto", "ExposureTime") == 5000.0
    assert steady(made, "GainAuto", "Nothing") is None


def test_a_job_is_read_as_it_was_written() -> None:
    job = Job("gentl", ("/a.cti", "/b.cti"), "AB12", "camera x", Asked(width=640, gain_db=1.5))
    assert Job.from_json(job.to_json()) == job
