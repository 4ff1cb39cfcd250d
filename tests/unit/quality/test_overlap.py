import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edgeinspect.quality.overlap import (
    LEVELS,
    PixelTally,
    aupro,
    level_of,
    overlap_curve,
    pixel_auroc,
)
from edgeinspect.quality.roc import auroc

HIGHEST = 12


def _picture(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return levels and regions of a small picture with a large defect and a small one."""
    rng = np.random.default_rng(seed)
    region = np.zeros((10, 10), np.int32)
    region[1:6, 1:6], region[8, 8:] = 1, 2
    found = (region > 0) & (rng.random((10, 10)) < 0.6)
    level = rng.integers(0, HIGHEST, (10, 10)) // 2 + 5 * found
    return level.astype(np.float32), region


def _by_definition(pictures: list[tuple[np.ndarray, np.ndarray]], limit: float) -> float:
    """Return AUPRO by marking the pixels of every picture at every level."""
    across, up = [0.0], [0.0]
    for threshold in range(HIGHEST - 1, -1, -1):
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
    first, *more = (PixelTally.of(level, region) for level, region in pictures)
    tally = sum(more, first)
    assert tally.regions == 2 * len(seeds)
    assert aupro(tally, limit) == pytest.approx(_by_definition(pictures, limit), abs=1e-3)


@given(seed=st.integers(0, 10_000))
def test_the_pixel_auroc_is_that_of_the_levels(seed: int) -> None:
    level, region = _picture(seed)
    expected = auroc(level[region == 0].astype(float), level[region > 0].astype(float))
    assert pixel_auroc(PixelTally.of(level, region)) == pytest.approx(expected)


def test_small_defects_count_like_large_ones() -> None:
    region = np.zeros((10, 10), np.int32)
    region[:5], region[9, 9] = 1, 2
    for found in (1, 2):
        tally = PixelTally.of((region == found).astype(np.float32), region)
        across, up = overlap_curve(tally)
        assert up[across == 0].max() == pytest.approx(0.5)


def test_a_perfect_map_has_one_and_a_blind_one_next_to_nothing() -> None:
    level, region = _picture(0)
    assert aupro(PixelTally.of((region > 0).astype(np.float32), region)) == pytest.approx(1.0)
    blind = PixelTally.of(np.zeros_like(level), region)
    assert aupro(blind) == pytest.approx(0.15)
    assert pixel_auroc(blind) == 0.5


def test_pictures_without_defects_cannot_be_measured() -> None:
    tally = PixelTally.of(np.zeros((4, 4), np.float32), np.zeros((4, 4), np.int32))
    assert not tally.can_be_measured
    with pytest.raises(ValueError, match="normal and on defective"):
        aupro(tally)


@given(scores=arrays(np.float32, 20, elements=st.floats(-1e6, 1e6, width=32)))
def test_a_higher_score_never_has_a_lower_level(scores: np.ndarray) -> None:
    levels = level_of(np.sort(scores))
    assert (np.diff(levels) >= 0).all()
    assert levels.min() >= 0 and levels.max() < LEVELS


def test_scores_a_thousandth_apart_have_levels_of_their_own() -> None:
    scores = np.float32(3.7) * np.float32(1.001) ** np.arange(8, dtype=np.float32)
    assert len(set(level_of(scores).tolist())) == 8
