"""The record of a frame: what cannot be judged goes to review and says why."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from uuid import uuid4

import pytest

from edgeinspect.core.clock import utc_now
from edgeinspect.core.errors import ModelError
from edgeinspect.core.frame import Frame, Image
from edgeinspect.core.inspection import Inspection, ModelRef
from edgeinspect.core.judgement import Judgement
from edgeinspect.core.manifest import ModelManifest
from edgeinspect.core.part import PartContext
from edgeinspect.core.reason import ReasonCode
from edgeinspect.core.recipe import Recipe
from edgeinspect.core.serial import SerialRules
from edgeinspect.core.trigger import Trigger
from edgeinspect.core.verdict import Purpose, Verdict
from edgeinspect.datasets.images import read_image
from edgeinspect.models.judge import load_judge
from edgeinspect.station.inspector import Inspector


@dataclass(frozen=True, slots=True)
class ScriptedJudge:
    """Says what it was told to say."""

    manifest: ModelManifest
    ref: ModelRef
    score: float | None

    def judge(self, image: Image, threshold: float) -> Judgement:
        del image, threshold
        if self.score is None:
            raise ModelError("the model cannot be run (out of memory)")
        return Judgement(self.score)


@pytest.fixture
def washer(sample: Path) -> Image:
    return read_image(sample / "test" / "good" / "000.jpg")


def inspect(
    washer_model: Path, image: Image | None, score: float | None = 0.0, **recipe: object
) -> Inspection:
    real = load_judge(washer_model)
    judge = ScriptedJudge(real.manifest, real.ref, score)
    unreadable = None if image is not None else "a.jpg: cut short."
    frame = Frame(image, utc_now(), monotonic(), "a.jpg", unreadable)
    return Inspector(judge, Recipe.model_validate(recipe)).inspect(frame, uuid4(), 1)


def test_a_judged_part_carries_serial_score_and_model(washer_model: Path, washer: Image) -> None:
    inspection = inspect(washer_model, washer)
    assert inspection.verdict is Verdict.PASS
    assert inspection.part_id == inspection.context.serial
    assert (inspection.score, inspection.reasons) == (0.0, ())
    assert inspection.threshold == inspection.threshold_suggested


@pytest.mark.parametrize(
    ("score", "code"),
    [
        (None, ReasonCode.JUDGE_FAILED),
        (float("nan"), ReasonCode.SCORE_UNKNOWN),
        (float("inf"), ReasonCode.SCORE_UNKNOWN),
        (float("-inf"), ReasonCode.SCORE_UNKNOWN),
    ],
)
def test_a_part_without_a_score_goes_to_review(
    washer_model: Path, washer: Image, score: float | None, code: ReasonCode
) -> None:
    inspection = inspect(washer_model, washer, score)
    assert (inspection.verdict, inspection.score) == (Verdict.REVIEW, None)
    assert [reason.code for reason in inspection.reasons] == [code]


def test_an_unreadable_frame_goes_to_review_under_its_origin(washer_model: Path) -> None:
    inspection = inspect(washer_model, None)
    assert (inspection.verdict, inspection.part_id) == (Verdict.REVIEW, "a.jpg")
    assert [reason.code for reason in inspection.reasons] == [ReasonCode.FRAME_UNREADABLE]


WANTED = {"unread": "review"}


def test_a_recipe_may_want_a_serial(washer_model: Path, washer: Image) -> None:
    unmarked = washer.copy()
    unmarked[:240] = 60
    assert inspect(washer_model, unmarked).verdict is Verdict.PASS
    wanted = inspect(washer_model, unmarked, serial=WANTED)
    assert wanted.verdict is Verdict.REVIEW
    assert [reason.code for reason in wanted.reasons] == [ReasonCode.SERIAL_UNREAD]
    assert wanted.reasons[0].text == "the serial is unknown: no DataMatrix can be read"
    failed = inspect(washer_model, unmarked, 1e6, serial=WANTED)
    assert failed.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("purpose", "verdict"),
    [
        (Purpose.PRODUCTION, Verdict.REVIEW),
        (Purpose.COMMISSIONING, Verdict.REVIEW),
        (Purpose.CHALLENGE, Verdict.PASS),
        (Purpose.GOLDEN, Verdict.PASS),
        (Purpose.REPLAY, Verdict.PASS),
    ],
)
def test_a_serial_that_comes_again_is_flagged_where_the_recipe_says_so(
    washer_model: Path, washer: Image, purpose: Purpose, verdict: Verdict
) -> None:
    real = load_judge(washer_model)
    judge = ScriptedJudge(real.manifest, real.ref, 0.0)
    frame = Frame(washer, utc_now(), monotonic(), "a.jpg", None)
    rework = Inspector(judge, Recipe(), purpose=purpose)
    flagged = Inspector(judge, Recipe(serial=SerialRules(repeated="review")), purpose=purpose)
    for inspector, second in ((rework, Verdict.PASS), (flagged, verdict)):
        assert inspector.inspect(frame, uuid4(), 1).verdict is Verdict.PASS
        again = inspector.inspect(frame, uuid4(), 2)
        assert again.verdict is second
        if second is Verdict.REVIEW:
            (reason,) = again.reasons
            assert reason.code is ReasonCode.SERIAL_REPEATED
            assert f"{again.context.serial} was inspected here before" in reason.text


def inspect_told(washer_model: Path, image: Image | None, serial: str | None) -> Inspection:
    real = load_judge(washer_model)
    told = Trigger(monotonic(), utc_now(), "test", PartContext(serial=serial, order="O-7"))
    shot = Frame(
        image, utc_now(), told.at_s + 0.02, "a.jpg", None if image is not None else "none came"
    )
    shot = replace(shot, trigger=told, missed=image is None)
    judge = ScriptedJudge(real.manifest, real.ref, 0.0)
    context = PartContext(machine="press-3", order="O-1")
    return Inspector(judge, Recipe(), context=context).inspect(shot, uuid4(), 1)


def test_what_a_trigger_tells_goes_into_the_record_with_its_age(
    washer_model: Path, picture: Image
) -> None:
    inspection = inspect_told(washer_model, picture, "S1")
    assert (inspection.part_id, inspection.context.serial) == ("S1", "S1")
    assert (inspection.context.machine, inspection.context.order) == ("press-3", "O-7")
    assert inspection.timings_ms.trigger == pytest.approx(20)


def test_a_serial_that_its_part_contradicts_is_reviewed_and_both_are_named(
    washer_model: Path, washer: Image
) -> None:
    alone = inspect_told(washer_model, washer, None)
    read = str(alone.context.serial)
    assert (alone.verdict, alone.reasons) == (Verdict.PASS, ())
    differs = inspect_told(washer_model, washer, "S1")
    assert (differs.verdict, differs.part_id) == (Verdict.REVIEW, read)
    assert [reason.code for reason in differs.reasons] == [ReasonCode.SERIAL_DIFFERS]
    assert read in differs.reasons[0].text
    assert "S1" in differs.reasons[0].text
    assert inspect_told(washer_model, washer, read).verdict is Verdict.PASS


def test_a_part_that_nobody_saw_is_reviewed_under_its_serial(washer_model: Path) -> None:
    inspection = inspect_told(washer_model, None, "S1")
    assert (inspection.verdict, inspection.part_id) == (Verdict.REVIEW, "S1")
    assert [reason.code for reason in inspection.reasons] == [ReasonCode.FRAME_MISSED]
    assert inspection.timings_ms.trigger is None


SIDE = {"from_px": [2, 60], "to_px": [100, 60], "width_px": 12}
BLANK = {"name": "blank", "kind": "distance", "stripe": SIDE, "unit": "px", "contrast": 255}


def test_values_are_recorded_and_count_in_the_verdict(washer_model: Path, washer: Image) -> None:
    image = washer.copy()
    image[:] = (190, 200, 180)
    image[:, 40:100] = (40, 50, 45)
    side = {"from_px": [10, 60], "to_px": [130, 60], "width_px": 20}
    bar = {"name": "bar", "kind": "distance", "stripe": side, "unit": "px", "near_limit": "pass"}
    free = inspect(washer_model, image, gauges=[bar])
    assert free.verdict is Verdict.PASS
    (value,) = free.measurements
    assert (value.name, value.unit, value.low) == ("bar", "px", None)
    assert value.value == pytest.approx(60, abs=0.05)
    assert free.timings_ms.measure > 0
    limits = {"nominal": 60, "below": 1, "above": 1}
    good = inspect(washer_model, image, gauges=[bar | limits])
    assert (good.verdict, good.measurements[0].high) == (Verdict.PASS, 61)
    bad = inspect(washer_model, image, gauges=[bar | limits | {"nominal": 62}])
    assert bad.verdict is Verdict.FAIL
    assert [reason.code for reason in bad.reasons] == [ReasonCode.GAUGE_OUT_OF_LIMITS]
    assert bad.score == 0.0


def test_a_gauge_that_finds_nothing_sends_a_part_to_review(
    washer_model: Path, washer: Image
) -> None:
    inspection = inspect(washer_model, washer, gauges=[BLANK])
    assert inspection.verdict is Verdict.REVIEW
    assert [reason.code for reason in inspection.reasons] == [ReasonCode.GAUGE_UNMEASURED]
    assert inspection.measurements == ()


def test_a_part_that_was_not_judged_is_not_measured(washer_model: Path, washer: Image) -> None:
    inspection = inspect(washer_model, washer, None, gauges=[BLANK])
    assert [reason.code for reason in inspection.reasons] == [ReasonCode.JUDGE_FAILED]
