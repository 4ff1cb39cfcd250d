import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edgeinspect.models.findings import MAX_FINDINGS, findings_from_map
from edgeinspect.models.placed import Placed, stretched

MAPS = arrays(np.float32, (8, 8), elements=st.floats(0, 10, width=32))


def _frame(width_px: int, height_px: int) -> Placed:
    return stretched(np.zeros((height_px, width_px, 3), np.uint8), 64, 64)


@given(anomaly_map=MAPS, threshold=st.floats(0.5, 9.5))
def test_every_cell_above_the_threshold_lies_in_a_finding(
    anomaly_map: np.ndarray, threshold: float
) -> None:
    findings = findings_from_map(anomaly_map, threshold, _frame(80, 40))
    for row, column in np.argwhere(anomaly_map >= threshold):
        x, y = column * 10 + 5, row * 5 + 2.5
        assert any(
            left < x < right and top < y < bottom
            for left, top, right, bottom in (finding.box_px for finding in findings)
        )


@given(anomaly_map=MAPS, threshold=st.floats(0.5, 9.5))
def test_findings_lie_in_the_frame_strongest_first(
    anomaly_map: np.ndarray, threshold: float
) -> None:
    findings = findings_from_map(anomaly_map, threshold, _frame(80, 40))
    scores = [finding.score for finding in findings]
    assert scores == sorted(scores, reverse=True)
    assert min(scores, default=10.0) >= min(threshold, 0.9 * float(anomaly_map.max())) - 1e-6
    for left, top, right, bottom in (finding.box_px for finding in findings):
        assert 0 <= left < right <= 80
        assert 0 <= top < bottom <= 40


def test_nothing_strange_is_nothing_found() -> None:
    assert findings_from_map(np.zeros((4, 4), np.float32), 0.1, _frame(64, 64)) == ()


def test_a_map_that_is_not_a_number_finds_nothing() -> None:
    assert findings_from_map(np.full((4, 4), np.nan, np.float32), 0.1, _frame(64, 64)) == ()


def test_where_no_cell_reaches_the_threshold_the_highest_are_shown() -> None:
    anomaly_map = np.zeros((4, 4), np.float32)
    anomaly_map[2, 3], anomaly_map[0, 0] = 3.0, 1.0
    (finding,) = findings_from_map(anomaly_map, 5.0, _frame(64, 64))
    assert finding.box_px == (48.0, 32.0, 64.0, 48.0)


def test_area_and_length_are_in_pixels_of_the_frame_and_in_millimetres_of_the_part() -> None:
    anomaly_map = np.zeros((4, 4), np.float32)
    anomaly_map[1, :3] = 2.0
    (finding,) = findings_from_map(anomaly_map, 1.0, _frame(128, 64))
    assert finding.area_px == 3 * 32 * 16
    assert finding.length_px == 96
    assert finding.area_mm2 is None
    measured = finding.measured(mm_per_px=0.5)
    assert (measured.area_mm2, measured.length_mm) == (finding.area_px / 4, 48)


def test_a_slanting_scratch_is_as_long_as_it_is() -> None:
    (finding,) = findings_from_map(np.eye(8, dtype=np.float32), 0.5, _frame(80, 80))
    assert finding.length_px == pytest.approx(80 * 2**0.5, abs=0.1)


def test_cells_touching_at_a_corner_are_one_finding() -> None:
    anomaly_map = np.zeros((4, 4), np.float32)
    anomaly_map[1, 1], anomaly_map[2, 2] = 2.0, 3.0
    (finding,) = findings_from_map(anomaly_map, 1.0, _frame(64, 32))
    assert finding.box_px == (16.0, 8.0, 48.0, 24.0)
    assert finding.score == 3.0


def test_a_frame_full_of_specks_gives_no_endless_list() -> None:
    anomaly_map = np.zeros((32, 32), np.float32)
    anomaly_map[::2, ::2] = 1.0
    assert len(findings_from_map(anomaly_map, 0.5, _frame(320, 320))) == MAX_FINDINGS
