"""The record of one part: round trip, and what it refuses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edgeinspect.core.finding import Finding
from edgeinspect.core.identity import digest, new_id
from edgeinspect.core.inspection import Evidence, Inspection, ModelRef
from edgeinspect.core.recipe import EvidencePolicy, Recipe
from edgeinspect.core.verdict import Verdict

MODEL = ModelRef(name="washer", sha256=digest(b"model"), version=1, runtime="onnxruntime")
boxes = st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(101, 1e4), st.floats(101, 1e4))
findings = st.builds(
    Finding,
    class_name=st.text(min_size=1, max_size=64),
    score=st.floats(allow_nan=False, allow_infinity=False),
    box_px=boxes,
)


@given(
    verdict=st.sampled_from([Verdict.FAIL, Verdict.REVIEW]),
    found=st.lists(findings, max_size=5),
    serial=st.none() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=128),
    score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_what_is_written_is_read_back(
    verdict: Verdict, found: list[Finding], serial: str | None, score: float | None
) -> None:
    inspection = Inspection.model_validate(
        {
            "id": new_id(),
            "site": "s",
            "line": "l",
            "station": "t",
            "boot": new_id(),
            "sequence": 1,
            "captured_at": datetime(2026, 1, 2, tzinfo=UTC),
            "part_id": "p",
            "context": {"serial": serial},
            "recipe": None,
            "verdict": verdict,
            "score": score,
            "findings": found,
        }
    )
    assert Inspection.model_validate_json(inspection.model_dump_json()) == inspection


def test_the_payload_speaks_the_contracts_names(
    make_inspection: Callable[..., Inspection],
) -> None:
    finding = Finding(class_name="scratch", score=2.0, box_px=(1, 2, 3, 4))
    payload = make_inspection(findings=(finding,)).model_dump(mode="json")
    assert payload["schema"] == "edgeinspect.inspection/1"
    assert payload["findings"][0]["class"] == "scratch"


@pytest.mark.parametrize("lacks", [{"score": None}, {"model": None}])
def test_an_unjudged_part_cannot_pass(
    make_inspection: Callable[..., Inspection], lacks: dict[str, None]
) -> None:
    judged = {"verdict": Verdict.PASS, "score": 1.0, "model": MODEL}
    assert make_inspection(**judged).verdict is Verdict.PASS
    with pytest.raises(ValidationError, match="cannot pass"):
        make_inspection(**(judged | lacks))


def test_times_are_kept_in_utc(make_inspection: Callable[..., Inspection]) -> None:
    in_china = datetime(2026, 1, 2, 8, tzinfo=timezone(timedelta(hours=8)))
    assert make_inspection(captured_at=in_china).captured_at.isoformat() == (
        "2026-01-02T00:00:00+00:00"
    )
    with pytest.raises(ValidationError):
        make_inspection(captured_at=datetime(2026, 1, 2))


@pytest.mark.parametrize("box", [(5, 0, 5, 9), (0, 9, 5, 9), (-1, 0, 5, 9)])
def test_a_finding_has_a_box_with_an_inside(box: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError):
        Finding(class_name="dent", score=1.0, box_px=box)


def test_a_recipes_digest_is_of_what_it_says() -> None:
    assert Recipe().ref == Recipe().ref
    assert Recipe().ref.sha256 != Recipe(threshold=3.0).ref.sha256


@pytest.mark.parametrize(
    ("policy", "verdict", "sequences"),
    [
        (EvidencePolicy(every_nth_pass=3), Verdict.PASS, [3, 6]),
        (EvidencePolicy(every_nth_pass=0), Verdict.PASS, []),
        (EvidencePolicy(every_nth_pass=0), Verdict.FAIL, [1, 2, 3, 4, 5, 6]),
        (EvidencePolicy(every_nth_pass=0, parts_before=3), Verdict.PASS, []),
        (EvidencePolicy(reviews=False), Verdict.REVIEW, []),
    ],
)
def test_the_policy_says_which_images_are_kept(
    policy: EvidencePolicy, verdict: Verdict, sequences: list[int]
) -> None:
    assert [n for n in range(1, 7) if policy.keeps(verdict, n)] == sequences


@pytest.mark.parametrize("fields", [{"kind": "before"}, {"inspection": new_id()}])
def test_an_image_of_another_part_says_of_which(fields: dict[str, object]) -> None:
    image = {"sha256": "0" * 64, "width": 1, "height": 1, "bytes": 1}
    with pytest.raises(ValidationError, match="kind before names an inspection"):
        Evidence.model_validate(image | fields)
    assert Evidence.model_validate(image).inspection is None
    whole = {"kind": "before", "inspection": new_id()}
    assert Evidence.model_validate(image | whole).kind == "before"
