from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgeinspect.core.errors import DatasetError
from edgeinspect.core.finding import Finding
from edgeinspect.models.evaluate.defects import Defects, TrueBox
from edgeinspect.models.evaluate.heat import heat_of
from edgeinspect.models.placed import Placed, stretched


def _written(path: Path, mask: np.ndarray) -> Path:
    cv2.imwrite(str(path), mask)
    return path


def test_each_piece_is_a_defect_and_a_corner_joins(tmp_path: Path) -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[2:4, 2:4], mask[4:6, 4:6], mask[15, 20] = 255, 255, 255
    defects = Defects.of_mask(_written(tmp_path / "a.png", mask), 30, 20)
    assert defects.region.max() == 2
    assert [each.share for each in defects.told_by(())] == pytest.approx([8 / 600, 1 / 600])


@pytest.mark.parametrize("bright", [1, 128, 255])
def test_a_mask_may_count_in_any_grey(tmp_path: Path, bright: int) -> None:
    mask = np.zeros((20, 30), np.uint8)
    mask[2:4, 2:4] = bright
    assert Defects.of_mask(_written(tmp_path / "a.png", mask), 30, 20).region.any()


def test_a_mask_of_another_size_is_stretched(tmp_path: Path) -> None:
    mask = np.zeros((40, 60), np.uint8)
    mask[:20, :30] = 255
    defects = Defects.of_mask(_written(tmp_path / "a.png", mask), 301, 200)
    assert defects.region.shape == (200, 301)
    (defect,) = defects.told_by(())
    assert defect.share == pytest.approx(0.25, abs=0.01)


def test_a_mask_of_another_shape_is_refused(tmp_path: Path) -> None:
    mask = _written(tmp_path / "a.png", np.full((40, 60), 255, np.uint8))
    with pytest.raises(DatasetError, match=r"a\.png: 60x40, the image is 40x60"):
        Defects.of_mask(mask, 40, 60)


def test_boxes_are_defects_too() -> None:
    boxes = [TrueBox("open", (2.2, 3, 5, 6.5)), TrueBox("short", (10, 10, 20, 20))]
    defects = Defects.of_boxes(boxes, 30, 20)
    assert set(np.unique(defects.region)) == {0, 1, 2}
    assert defects.region[3, 2] == defects.region[6, 4] == 1
    near, far = (Finding(score=1, box_px=box) for box in ((19, 19, 25, 20), (21, 0, 30, 9)))
    assert [each.is_found for each in defects.told_by([far, near])] == [False, True]
    assert not any(each.is_found for each in defects.told_by([far]))


@settings(deadline=None)
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    width=st.integers(8, 70),
    height=st.integers(8, 70),
)
def test_the_heat_of_a_cell_is_at_its_middle(
    rows: int, columns: int, width: int, height: int
) -> None:
    placed = stretched(np.zeros((height, width, 3), np.uint8), 64, 64)
    cells = np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)
    heat = heat_of(cells, placed)
    assert heat.shape == (height, width)
    assert heat.min() >= cells.min() and heat.max() <= cells.max()
    row, column = rows // 2, columns // 2
    y, x = (row + 0.5) * height / rows - 0.5, (column + 0.5) * width / columns - 0.5
    if min(height / rows, width / columns) >= 4:
        slope = max(columns, 1) / (height / rows) + 1 / (width / columns)
        assert heat[round(y), round(x)] == pytest.approx(cells[row, column], abs=slope)


def test_what_was_not_laid_into_the_input_is_not_strange() -> None:
    # The left upper quarter of the frame is turned a little and fills the input.
    way = np.array([[0.98, -0.17, 6.0], [0.17, 0.98, 2.0]])
    placed = Placed(np.zeros((40, 40, 3), np.uint8), way, 100, 80)
    heat = heat_of(np.full((4, 4), 7, np.float32), placed)
    assert heat.max() == heat.min() == 7
    cells = np.full((4, 4), 7, np.float32)
    cells[0, 0] = 1
    heat = heat_of(cells, placed)
    assert heat[79, 99] == heat[0, 0] == 1
    assert heat[25, 25] == 7
    assert (heat > 1).mean() == pytest.approx(40 * 40 / (100 * 80), abs=0.05)
