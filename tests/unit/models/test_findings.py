import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edgeinspect.models.findings import MAX_FINDINGS, findings_from_map
from edgeinspect.models.placement import Placed, stretched

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
    assert all(score >= np.float32(threshold) or score >= threshold for score in scores)
    for left, top, right, bottom in (finding.box_px for finding in findings):
        assert 0 <= left < right <= 80
        assert 0 <= top < bottom <= 40


def test_nothing_above_the_threshold_is_nothing_found() -> None:
    assert findings_from_map(np.zeros((4, 4), np.float32), 0.1, _frame(64, 64)) == ()


def test_a_map_that_is_not_a_number_finds_nothing() -> None:
    assert findings_from_map(np.full((4, 4), np.nan, np.float32), 0.1, _frame(64, 64)) == ()


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
