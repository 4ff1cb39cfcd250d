"""The whole journey: camera, model, verdict, MQTT, record, and back out of the API."""

import json
import subprocess
from pathlib import Path

import pytest
from processes import edgeinspect


@pytest.fixture(scope="module")
def summary(washer_model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The summary of a demo that played every test image of the sample at least once."""
    out = tmp_path_factory.mktemp("demo") / "out.json"
    edgeinspect(
        "demo", "-m", washer_model, "--parts", 90, "--rate", 40, "--exit", "--summary", out
    )  # fmt: skip
    document: dict[str, int] = json.loads(out.read_text(encoding="utf-8"))
    return document


def test_every_part_is_inspected_published_and_recorded_once(summary: dict[str, int]) -> None:
    assert summary["inspected"] == summary["published"] == summary["recorded"] == 90
    assert summary["passed"] + summary["failed"] + summary["review"] == 90
    assert summary["holes"] == 0


def test_the_line_agrees_with_the_evaluation(
    summary: dict[str, int], sample: Path, washer_model: Path
) -> None:
    evaluated = json.loads(edgeinspect("evaluate", sample, "-m", washer_model, "--json"))
    compared = ("images", "escapes", "overkill")
    assert [summary[key] for key in compared] == [evaluated[key] for key in compared]
    assert evaluated["image_auroc"] >= 0.98


def test_inspect_prints_inspections_of_the_contract(sample: Path, washer_model: Path) -> None:
    from edgeinspect.core.inspection import Inspection

    printed = json.loads(
        edgeinspect("inspect", sample / "test" / "missing_hole", "-m", washer_model, "--json")
    )
    inspections = [Inspection.model_validate(each) for each in printed]
    assert len(inspections) == 12
    assert all(each.context.serial for each in inspections)
    assert any(each.findings for each in inspections)


def test_bench_measures_the_model_and_the_way_around_it(washer_model: Path) -> None:
    measured = json.loads(edgeinspect("bench", "-m", washer_model, "--runs", 20, "--json"))
    assert {"raw_ms", "judge_ms", "runtime", "threads"} <= measured.keys()
    assert measured["judge_ms"] > 0


def test_the_demo_refuses_a_port_in_use(washer_model: Path, broker: object) -> None:
    port = broker.port  # type: ignore[attr-defined]
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("demo", "-m", washer_model, "--parts", 1, "--exit", "--port", port)
    assert caught.value.stderr.strip() == (
        f"edgeinspect: port {port} is in use; choose another with --port."
    )
