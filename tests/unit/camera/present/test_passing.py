"""Whatever moves through the view over the line is told once, in its best picture."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from edgeinspect.camera.present.passing import Passing
from edgeinspect.camera.present.runs import Run


@dataclass(frozen=True)
class Row:
    """Parts in a row: where the front of each is at the start (negative), and how long it is."""

    fronts: tuple[float, ...]
    lengths: tuple[float, ...]

    def seen(self, moved: float) -> list[Run]:
        """Return the runs in view; a camera's columns are 160."""
        spans = [
            (round((front + moved - length) * 160), round((front + moved) * 160))
            for front, length in zip(self.fronts, self.lengths, strict=True)
        ]
        inside = [(max(0, start), min(160, end)) for start, end in spans]
        return sorted(
            (
                Run(start / 160 if start > 1 else 0.0, end / 160 if end < 159 else 1.0)
                for start, end in inside
                if end - start >= 2
            ),
            key=lambda run: run.start,
        )

    def middle(self, part: int, moved: float) -> float:
        return self.fronts[part] + moved - self.lengths[part] / 2


def told(row: Row, moves: list[float], line: float = 0.5) -> list[float]:
    """Return how far the belt had moved in the picture of each part that was told."""
    passing: Passing[float] = Passing(line)
    found: list[float] = []
    for moved in moves:
        found += passing.see(row.seen(moved), moved)
    return found + passing.end()


def belt(step: float, until: float = 2.5) -> list[float]:
    return [step * number for number in range(int(until / step) + 2)]


@st.composite
def rows(draw: st.DrawFn) -> tuple[Row, float]:
    """Parts that stand apart by 4 % of the view or more, and move less than half of the distance
    from one to the next at each picture."""
    lengths = draw(st.lists(st.floats(0.04, 0.6), min_size=1, max_size=6))
    gaps = draw(st.lists(st.floats(0.04, 0.8), min_size=len(lengths), max_size=len(lengths)))
    fronts, front = [], -0.02
    for length, gap in zip(lengths, gaps, strict=True):
        fronts.append(front)
        front -= length + gap
    pitches = [a - b for a, b in pairwise(fronts)]
    share = draw(st.floats(0.05, 0.45))
    return Row(tuple(fronts), tuple(lengths)), max(0.01, share * min([*pitches, 1.0]))


@settings(deadline=None)
@given(rows(), st.sampled_from([0.3, 0.5, 0.7]))
def test_each_part_is_told_once_in_the_picture_in_which_it_is_best(
    made: tuple[Row, float], line: float
) -> None:
    row, step = made
    step = min(step, 0.9 * min(line, 1 - line))  # else it may be seen beyond the line alone
    until = -row.fronts[-1] + row.lengths[-1] + 1.2
    found = told(row, belt(step, until), line)
    assert len(found) == len(row.fronts)
    assert found == sorted(found)
    for part, moved in enumerate(found):
        if row.lengths[part] < 2 * min(line, 1 - line) - 2 * step - 0.05:
            assert abs(row.middle(part, moved) - line) <= step / 2 + 0.02


@settings(deadline=None)
@given(rows(), st.integers(0, 1000))
def test_parts_that_stop_and_go_on_and_jolt_are_told_once(
    made: tuple[Row, float], seed: int
) -> None:
    row, step, chance = *made, Random(seed)
    moves, moved = [], 0.0
    while moved < -row.fronts[-1] + row.lengths[-1] + 1.2:
        moves.append(moved)
        at = chance.random()
        if at < 0.03:
            moves += [moved + 0.003 * (number % 2) for number in range(10)]
        elif at < 0.06:
            moved -= min(0.01, step / 2)
        else:
            moved += step * chance.uniform(0.5, 1.0)
    assert len(told(row, moves)) == len(row.fronts)


def test_what_comes_from_the_other_side_is_told_too() -> None:
    row = Row((-0.05, -0.4), (0.2, 0.2))
    assert len(told(row, belt(0.03)[::-1])) == 2


def test_what_turns_back_before_the_line_is_no_part() -> None:
    row = Row((0.0,), (0.2,))
    there = [number * 0.02 for number in range(24)]
    assert told(row, there + there[::-1]) == []


def test_what_turns_back_over_the_line_is_told_once() -> None:
    row = Row((0.0,), (0.2,))
    there = [number * 0.02 for number in range(29)]
    assert len(told(row, there + there[::-1])) == 1


def test_a_part_that_swings_over_the_line_is_told_once() -> None:
    row = Row((0.0,), (0.2,))
    there = [number * 0.02 for number in range(38)]
    back = there[:26:-1]
    assert len(told(row, there + back + back[::-1] + back + back[::-1] + [0.9, 1.0, 1.2])) == 1


def test_a_part_longer_than_the_view_is_told_once_in_a_picture_that_it_fills() -> None:
    row = Row((-0.05,), (1.6,))
    found = told(row, belt(0.05, 3.0))
    assert len(found) == 1
    assert row.seen(found[0]) == [Run(0.0, 1.0)]


def test_a_part_that_stays_at_the_line_has_its_latest_picture_when_it_goes_on() -> None:
    row = Row((0.0,), (0.2,))
    there = [number * 0.05 for number in range(12)]
    found = told(row, [*there, *[0.6] * 50, 0.60001, 0.65, 0.7, 0.8])
    assert found == [0.60001]


def test_a_part_over_the_line_at_the_end_is_told() -> None:
    row = Row((0.0,), (0.2,))
    assert len(told(row, [number * 0.05 for number in range(12)])) == 1


def test_a_part_that_was_not_seen_in_two_pictures_is_the_same() -> None:
    row, passing, found = Row((0.0,), (0.2,)), Passing[float](0.5), []
    for number, moved in enumerate(belt(0.02)):
        gone = number in (20, 21, 26, 27, 33, 34)
        found += passing.see([] if gone else row.seen(moved), moved)
    assert len(found) == 1


def test_what_is_at_the_line_in_one_picture_alone_is_no_part_and_counted() -> None:
    passing: Passing[int] = Passing(0.5)
    found = [passing.see([Run(0.4, 0.6)] if number == 5 else [], number) for number in range(20)]
    assert found == [[]] * 20
    assert passing.glimpsed == 1


def test_a_part_so_fast_that_it_is_never_seen_at_the_line_is_told() -> None:
    row = Row((0.0,), (0.08,))
    found = told(row, [0.1, 0.34, 0.72, 1.2, 1.4])
    assert len(found) == 1
