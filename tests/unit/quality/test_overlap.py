import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.overlap import PixelTally, aupro, overlap_curve, pixel_auroc
from edgeinspect.quality.roc import auroc

LEVELS = 12


def _picture(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return levels and regions of a small picture with a large defect and a small one."""
    rng = np.random.default_rng(seed)
    region = np.zeros((10, 10), np.int64)
    region[1:6, 1:6], region[8, 8:] = 1, 2
    level = rng.integers(0, LEVELS, (10, 10)) // 2 + 5 * (region > 0) * (rng.random((10, 10)) < 0.6)
    return level, region


def _by_definition(pictures: list[tuple[np.ndarray, np.ndarray]], limit: float) -> float:
    """Return AUPRO by marking the pixels of every picture at every level."""
    across, up = [0.0], [0.0]
    for threshold in range(LEVELS - 1, -1, -1):
        marked = [level >= threshold for level, _ in pictures]
        normal = [mark[region == 0] for mark, (_, region) in zip(marked, pictures, strict=True)]
        across.append(float(np.concatenate(normal).mean()))
        shares = [
            mark[region == each].mean()
            for mark, (_, region) in zip(marked, pictures, strict=True)
            for each in (1, 2)
        ]
        up.append(float(np.mean(shares)))
    fine = np.linspace(0, limit, 200_001)
    return float(np.interp(fine, across, up).mean())


@given(seeds=st.lists(st.integers(0, 10_000), min_size=1, max_size=3), limit=st.floats(0.1, 1))
def test_it_is_the_mean_overlap_of_the_defects_up_to_the_limit(
    seeds: list[int], limit: float
) -> None:
    pictures = [_picture(seed) for seed in seeds]
    first, *more = (PixelTally.of(level, region, LEVELS) for level, region in pictures)
    tally = sum(more, first)
    assert tally.regions == 2 * len(seeds)
    assert aupro(tally, limit) == pytest.approx(_by_definition(pictures, limit), abs=1e-3)


@given(seed=st.integers(0, 10_000))
def test_the_pixel_auroc_is_that_of_the_levels(seed: int) -> None:
    level, region = _picture(seed)
    expected = auroc(level[region == 0].astype(float), level[region > 0].astype(float))
    assert pixel_auroc(PixelTally.of(level, region, LEVELS)) == pytest.approx(expected)


def test_small_defects_count_like_large_ones() -> None:
    region = np.zeros((10, 10), np.int64)
    region[:5], region[9, 9] = 1, 2
    for found in (1, 2):
        tally = PixelTally.of((region == found).astype(np.int64), region, 2)
        assert overlap_curve(tally)[1][1] == pytest.approx(0.5)


def test_a_perfect_map_has_one_and_a_blind_one_next_to_nothing() -> None:
    level, region = _picture(0)
    assert aupro(PixelTally.of((region > 0).astype(np.int64), region, 2)) == pytest.approx(1.0)
    blind = PixelTally.of(np.zeros_like(level), region, 2)
    assert aupro(blind) == pytest.approx(0.15)
    assert pixel_auroc(blind) == 0.5


def test_pictures_without_defects_cannot_be_measured() -> None:
    plain = np.zeros((4, 4), np.int64)
    tally = PixelTally.of(plain, plain, 2)
    assert not tally.can_be_measured
    with pytest.raises(ValueError, match="normal and on defective"):
        aupro(tally)
