"""The whole journey: camera, model, verdict, MQTT, record, and back out of the API."""

import json
import socket
import subprocess
from pathlib import Path

import pytest
from processes import edgeinspect

from edgeinspect.camera.folder import playlist
from edgeinspect.camera.open import parse_folder_url
from edgeinspect.cli.demo.run import Demo
from edgeinspect.cli.demo.stage import free_port, set_stage
from edgeinspect.core.errors import ServiceError


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


@pytest.mark.parametrize("service", ["broker", "server"])
def test_the_demo_goes_on_with_another_port_when_one_is_taken_meanwhile(
    washer_model: Path,
    sample: Path,
    tmp_path: Path,
    service: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    play = parse_folder_url(f"folder:{sample / 'test'}", rate=40, loop=True, order="shuffled")
    stage = set_stage(tmp_path, play, washer_model, free_port())
    demo = Demo(stage, play, playlist(play), parts=5, ends=True, taught_s=None)
    with socket.create_server(("127.0.0.1", stage.ports[service])):
        summary = demo.run()
    assert f"port {stage.ports[service]} was taken by another program" in capsys.readouterr().err
    assert summary is not None
    assert summary.inspected == summary.published == summary.recorded == 5


def test_a_port_that_was_asked_for_is_not_changed(
    washer_model: Path, sample: Path, tmp_path: Path
) -> None:
    play = parse_folder_url(f"folder:{sample / 'test'}", rate=40, loop=True, order="shuffled")
    asked = free_port()
    stage = set_stage(tmp_path, play, washer_model, asked)
    demo = Demo(stage, play, playlist(play), 5, ends=True, taught_s=None, page_asked=asked)
    with (
        socket.create_server(("127.0.0.1", asked)),
        pytest.raises(ServiceError, match=f"port {asked} is in use by now; choose another with"),
    ):
        demo.run()


def test_the_demo_refuses_a_port_in_use(washer_model: Path, broker: object) -> None:
    port = broker.port  # type: ignore[attr-defined]
    with pytest.raises(subprocess.CalledProcessError) as caught:
        edgeinspect("demo", "-m", washer_model, "--parts", 1, "--exit", "--port", port)
    assert caught.value.stderr.strip() == (
        f"edgeinspect: port {port} is in use; choose another with --port."
    )
