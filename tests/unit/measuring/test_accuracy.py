"""What gauges say of drawn targets of known size: at most 0.1 px off (rms) at moderate noise."""

import pytest

from benchmarks.measuring.accuracy import LOOKS, errors_of

DRAWS = 8
PIXELS = ["distance", "circle", "holes"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", PIXELS)
def test_lengths_are_right_to_a_tenth_of_a_pixel(kind: str, look: str) -> None:
    for row in errors_of(kind, LOOKS[look], DRAWS).values():
        assert row.unmeasured == 0
        assert row.rms < 0.1
        assert abs(row.bias) < 0.06
        assert row.covered >= 0.75


@pytest.mark.parametrize("look", LOOKS)
def test_angles_are_right_to_a_tenth_of_a_pixel_at_the_ends_of_their_edges(look: str) -> None:
    (row,) = errors_of("angle", LOOKS[look], DRAWS).values()
    assert row.unmeasured == 0
    assert row.rms < 0.2  # degrees: 0.1 px over 60 px, twice
    assert row.covered >= 0.75
