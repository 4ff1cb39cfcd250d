import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from edgeinspect.models.quantize.weights import RoundedWeights, mean_error

Numbers = NDArray[np.float32]


def _convolved(weights: Numbers, taken: Numbers, groups: int) -> Numbers:
    """A convolution of (made, taken of a group, 1, 1) weights over (taken, positions) numbers."""
    of_group = taken.reshape(groups, weights.shape[1], -1)
    by_group = weights.reshape(groups, -1, weights.shape[1])
    return np.asarray(np.concatenate([w @ x for w, x in zip(by_group, of_group, strict=True)]))


@given(st.sampled_from([1, 2, 6]), st.integers(0, 2**32 - 1))
def test_the_error_is_what_rounding_adds_on_average(groups: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(12, 6 // groups, 1, 1)).astype(np.float32)
    taken = rng.uniform(0, 9, (6, 50)).astype(np.float32)
    rounded = RoundedWeights.of(weights)
    added = _convolved(rounded.read_back(), taken, groups) - _convolved(weights, taken, groups)
    error = mean_error(weights, rounded, (*taken.mean(axis=1).tolist(),))
    assert error == pytest.approx(added.mean(axis=1), abs=1e-4)


@given(st.integers(0, 2**32 - 1))
def test_weights_are_rounded_to_the_nearest_step(seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=(5, 3, 3, 3)).astype(np.float32)
    rounded = RoundedWeights.of(weights)
    off = np.abs(rounded.read_back() - weights).reshape(5, -1).max(axis=1)
    assert (off <= 0.501 * rounded.scales).all()
    assert np.abs(rounded.whole).reshape(5, -1).max(axis=1).tolist() == [127] * 5
