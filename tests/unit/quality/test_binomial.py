import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.quality.binomial import (
    at_most,
    bounded_rate,
    most_events,
    parts_needed,
    upper_bound,
)

COUNTS = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
CONFIDENCES = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@pytest.mark.parametrize(
    ("events", "of", "bound"),
    # One-sided 95 % limits of Clopper and Pearson; none of 60 is the rule of three.
    [(0, 60, 1 - 0.05 ** (1 / 60)), (1, 20, 0.2161), (5, 100, 0.1023), (7, 7, 1.0)],
)
def test_the_bound_agrees_with_published_limits(events: int, of: int, bound: float) -> None:
    assert upper_bound(events, of, 0.95) == pytest.approx(bound, abs=1e-4)


@given(counts=COUNTS, confidence=CONFIDENCES)
def test_at_the_bound_so_few_events_are_just_unlikely(
    counts: tuple[int, int], confidence: float
) -> None:
    events, of = counts
    bound = upper_bound(events, of, confidence)
    if events < of:
        assert at_most(events, of, bound) == pytest.approx(1 - confidence, rel=1e-6)
    rate = bounded_rate(events, of, confidence)
    assert rate is not None
    assert 0 <= rate.at_least <= rate.value <= rate.at_most == bound


def test_no_parts_have_no_bound() -> None:
    assert bounded_rate(0, 0, 0.95) is None
    with pytest.raises(ValueError, match="0 of 0 parts"):
        upper_bound(0, 0, 0.95)


@pytest.mark.parametrize(("share", "needed"), [(0.05, 59), (0.02, 149), (0.01, 299)])
def test_the_least_number_of_parts_is_the_known_one(share: float, needed: int) -> None:
    assert parts_needed(share, 0.95) == needed


@given(share=st.floats(0.002, 0.5), confidence=CONFIDENCES, events=st.integers(0, 20))
def test_one_part_less_would_not_do(share: float, confidence: float, events: int) -> None:
    needed = parts_needed(share, confidence, events)
    assert needed is not None
    assert upper_bound(events, needed, confidence) <= share + 1e-9
    if needed > events + 1:
        assert upper_bound(events, needed - 1, confidence) > share - 1e-9


def test_a_share_that_nobody_can_count_needs_no_number() -> None:
    assert parts_needed(1e-9, 0.95) is None


@given(share=st.floats(0.005, 0.5), of=st.integers(1, 2000), confidence=CONFIDENCES)
def test_one_event_more_would_break_the_promise(share: float, of: int, confidence: float) -> None:
    most = most_events(share, of, confidence)
    needed = parts_needed(share, confidence)
    assert needed is not None
    if most is None:
        assert of < needed + 1
    else:
        assert upper_bound(most, of, confidence) <= share + 1e-12
        assert upper_bound(most + 1, of, confidence) >= share - 1e-12
