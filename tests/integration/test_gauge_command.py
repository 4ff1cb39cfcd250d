"""From a drawn board to values in millimetres, as a QA engineer does it."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from bench_camera import FLAT, LOOK, TILTS, BenchCamera, Floats, board_painting, pose
from processes import edgeinspect, refusal

from edgeinspect.measuring.board import Board

BOARD = ("--board", "charuco:8x6", "--square-mm", 10)
CAMERA = BenchCamera()
RECIPE = """
calibration = "line1.toml"

[[gauges]]
name = "bore"
kind = "circle"
centre_px = [323, 240]
radius_px = 43
search_px = 20
nominal = 16.0
below = {limit}
above = {limit}
"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    painting = board_painting(Board("charuco", 8, 6, 10.0))
    (folder / "tilted").mkdir()
    (folder / "parts").mkdir()
    cv2.imwrite(str(folder / "flat.png"), CAMERA.shot(painting, *pose(FLAT)))
    for number, place in enumerate(TILTS, 1):
        image = CAMERA.shot(painting, *pose(place), number)
        cv2.imwrite(str(folder / "tilted" / f"{number}.png"), image)

    def bore(right: Floats, down: Floats) -> Floats:
        inside = (right - 40) ** 2 + (down - 28) ** 2 <= 64
        return np.where(inside, LOOK.shape, LOOK.ground)

    for number in range(3):
        image = CAMERA.shot(bore, *pose(FLAT), 20 + number)
        cv2.imwrite(str(folder / "parts" / f"{number}.png"), image)
    return folder


def test_a_camera_is_calibrated_and_parts_are_measured(pictures: Path, tmp_path: Path) -> None:
    line1 = tmp_path / "line1.toml"
    made = edgeinspect(
        "camera", "calibrate", pictures / "flat.png", "--views", pictures / "tilted", *BOARD,
        "-o", line1,
    )  # fmt: skip
    assert "a pixel is 0.1" in made
    assert "px off (rms), in 8 pictures" in made
    recipe, sheet, drawn = (tmp_path / each for each in ("r.toml", "v.csv", "drawn"))
    recipe.write_text(RECIPE.format(limit=0.1), encoding="utf-8")
    asked = ("gauge", pictures / "parts", "--recipe", recipe)
    said = edgeinspect(*asked, "--csv", sheet, "--draw", drawn)
    assert said.count("within") == 3
    assert "bore: mean " in said and "of 3 pictures, standard deviation" in said
    with sheet.open(encoding="utf-8") as file:
        values = [float(row["value"]) for row in csv.DictReader(file)]
    assert values == pytest.approx([16.0] * 3, abs=0.02)
    assert len(list(drawn.glob("*.png"))) == 3
    answer = json.loads(edgeinspect(*asked, "--json"))
    assert [each["values"][0]["standing"] for each in answer["pictures"]] == ["within"] * 3
    assert answer["values"][0]["deviation"] < 0.02
    recipe.write_text(RECIPE.format(limit=0.001), encoding="utf-8")
    assert "within" not in edgeinspect(*asked)


def test_a_known_distance_is_enough(tmp_path: Path) -> None:
    output = tmp_path / "line1.toml"
    ends = ("--length-mm", 50, "--from", "100,50", "--to", "600,50")
    answer = json.loads(edgeinspect("camera", "calibrate", *ends, "-o", output, "--json"))
    assert answer["mm_per_px"] == pytest.approx(0.1)
    assert "is there already" in refusal("camera", "calibrate", *ends, "-o", output)


def test_what_cannot_be_calibrated_is_a_sentence(pictures: Path, tmp_path: Path) -> None:
    new, flat = ("-o", tmp_path / "new.toml"), pictures / "flat.png"
    part = pictures / "parts" / "0.png"
    assert "0.png: shows no charuco:8x6" in refusal("camera", "calibrate", part, *BOARD, *new)
    views = ("--views", pictures / "parts")
    said = refusal("camera", "calibrate", flat, *views, *BOARD, *new)
    assert "1 pictures show the board (left out: 0.png: shows no" in said
    assert "no picture is named" in refusal("camera", "calibrate", *new)
    assert "no place" in refusal("camera", "calibrate", "--length-mm", 5, "--from", "1", *new)
    assert not (tmp_path / "new.toml").exists()
    recipe = tmp_path / "bare.toml"
    recipe.write_text("version = 1\n", encoding="utf-8")
    assert "has no gauges" in refusal("gauge", part, "--recipe", recipe)


def test_a_target_is_written_and_a_lens_is_focused(pictures: Path, tmp_path: Path) -> None:
    target = tmp_path / "board.pdf"
    assert "print it at 100 %" in edgeinspect("camera", "target", "-o", target)
    assert target.read_bytes().startswith(b"%PDF")
    assert "ends in .pdf" in refusal("camera", "target", "-o", tmp_path / "board.png")
    camera = f"folder:{pictures / 'parts'}?rate=20"
    assert "at best" in edgeinspect("camera", "focus", camera, "--seconds", 1)
