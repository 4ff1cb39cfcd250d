"""A lens that gets dirty is told of before parts go to review."""

from datetime import UTC, datetime, timedelta

from edgeinspect.core.gates import GateRules, Gates, TaughtGates, Usual
from edgeinspect.station.gate_drift import GateDrift

TAUGHT = TaughtGates(
    images=30,
    focus=Usual(low=0.25, middle=0.5, high=1.0),
    brightness=Usual(low=60, middle=100, high=140),
    contrast=Usual(low=10, middle=20, high=40),
)
START = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)


def note(drift: GateDrift, brightness: list[float]) -> list[str | None]:
    """Note parts a minute apart; return what was warned of after each."""
    said = []
    for minute, level in enumerate(brightness):
        gates = Gates(focus=0.5, brightness=level, contrast=20)
        drift.note(gates, START + timedelta(minutes=minute))
        said.append(drift.warning)
    return said


def test_a_lamp_that_grows_dim_is_told_of_before_any_part_goes_to_review() -> None:
    falling = [100 - 0.3 * minute for minute in range(130)]  # its limit is 60
    said = note(GateDrift(TAUGHT, GateRules()), falling)
    first = next(minute for minute, text in enumerate(said) if text is not None)
    assert falling[first] > 60
    text = said[first]
    assert text is not None and text.startswith("brightness is below the usual since ")
    since = text.split("since ")[1][:5]
    onset = next(
        m
        for m in range(130)
        if (START + timedelta(minutes=m)).astimezone().strftime("%H:%M") == since
    )
    assert 0 < onset < first


def test_one_odd_part_and_parts_that_vary_are_not_told_of() -> None:
    drift = GateDrift(TAUGHT, GateRules())
    assert not any(note(drift, [100.0] * 30 + [0.0] + [100.0] * 30))
    assert not any(note(drift, [85.0, 115.0] * 50))


def test_a_lens_that_was_cleaned_is_told_of_no_more() -> None:
    drift = GateDrift(TAUGHT, GateRules())
    assert note(drift, [70.0] * 60)[-1] is not None
    assert note(drift, [100.0] * 40)[-1] is None


def test_a_gate_left_out_by_the_recipe_does_not_drift() -> None:
    drift = GateDrift(TAUGHT, GateRules(brightness="ignore"))
    assert not any(note(drift, [61.0] * 60))
    assert not any(note(GateDrift(None, GateRules()), [1.0] * 60))
