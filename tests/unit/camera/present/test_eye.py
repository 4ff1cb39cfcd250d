"""Parts on a made belt are each seen once; light, noise and an empty belt are none."""

from collections.abc import Sequence
from itertools import pairwise
from math import sin

import numpy as np
import pytest
from belts import RATE, Belt, Part, filmed, middle_px
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from edgeinspect.camera.present.eye import STUCK_S, Eye
from edgeinspect.camera.present.options import Present
from edgeinspect.core.frame import Frame, Image

PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""Each example is a film, that takes a quarter of a second."""
STILL = 60
"""Pictures of the belt while it stands empty."""


def moves(step: float, until: float) -> list[float]:
    return [0.0] * STILL + [step * number for number in range(1, int(until / step))]


def film(belt: Belt, step: float = 11, until: float = 700, light: float = 0.0) -> list[Frame]:
    """Return a film of the belt; `light` is by how much it flickers."""
    return filmed(
        [
            belt.seen(moved, 1 + light * sin(2.4 * seed), seed)
            for seed, moved in enumerate(moves(step, until))
        ]
    )


def seen(frames: Sequence[Frame], present: Present | None = None) -> list[int]:
    """Return the numbers of the frames in which a part is seen."""
    eye = Eye(present or Present(), None)
    found = [part for frame in frames for part in eye.look(frame)]
    return [part.number or 0 for part in [*found, *eye.end()]]


@st.composite
def belts(draw: st.DrawFn) -> tuple[Belt, float]:
    """Parts of any size and grey, and how far the belt moves at each picture."""
    parts, front = [], -5.0
    for _ in range(draw(st.integers(1, 4))):
        length = draw(st.floats(16, 150))
        grey = draw(st.sampled_from([30.0, 60.0, 125.0, 220.0]))
        parts.append(Part(front, length, draw(st.floats(20, 150)), grey))
        front -= length + draw(st.floats(24, 200))
    pitches = [before.at_px - part.at_px for before, part in pairwise(parts)]
    step = draw(st.floats(0.1, 0.45)) * min([*pitches, 200.0])
    noise, weave = draw(st.sampled_from([(0.5, 0.0), (6.0, 0.0), (3.0, 6.0)]))
    return Belt(parts, noise=noise, weave=weave), step


@settings(deadline=None, max_examples=25, phases=PHASES)
@given(belts(), st.sampled_from([0.0, 0.05, 0.15]))
def test_each_part_is_seen_once_where_it_should_be(made: tuple[Belt, float], light: float) -> None:
    belt, step = made
    until = 380 - belt.parts[-1].at_px + belt.parts[-1].length
    found = seen(film(belt, step, until, light))
    assert len(found) == len(belt.parts)
    where = moves(step, until)
    for part, number in zip(belt.parts, found, strict=True):
        assert abs(middle_px(part, where[number]) - belt.width / 2) <= step / 2 + 8


@settings(deadline=None, max_examples=8, phases=PHASES)
@given(
    st.floats(0, 12),
    st.sampled_from([0.0, 4.0]),
    st.floats(0, 0.4),
    st.sampled_from(["even", "striped", "drifting"]),
    st.integers(0, 99),
)
def test_an_empty_belt_is_no_part_however_it_is_lit(
    noise: float, weave: float, flicker: float, how: str, first: int
) -> None:
    belt, rows = Belt(noise=noise, weave=weave), np.arange(160)

    def light(number: int) -> float | np.ndarray:
        if how == "even":
            return 1 + flicker * sin(2.4 * number)
        if how == "striped":
            return np.asarray(1 + flicker / 2 * np.sin(rows / 20 + 2.1 * number))
        return 1 - flicker * number / 150

    pictures = [belt.seen(7.0 * number, light(number), first + number) for number in range(150)]
    assert seen(filmed(pictures)) == []


def test_parts_that_move_up_and_down_are_seen() -> None:
    frames = film(Belt([Part(0), Part(-150)]))
    turned = filmed([np.rot90(each.image).copy() for each in frames if each.image is not None])
    assert len(seen(turned, Present(axis="y"))) == 2


def test_a_ring_is_one_part() -> None:
    assert len(seen(film(Belt([Part(0, 100, 100, hole=70)])))) == 1


def test_what_moves_beside_the_band_is_no_part() -> None:
    belt = Belt([Part(0, width=40)])
    assert seen(film(belt), Present(band_to=30)) == []
    assert len(seen(film(belt), Present(band_from=30, band_to=70))) == 1


def test_a_part_is_seen_where_the_line_is() -> None:
    part = Part(0, 40)
    [number] = seen(film(Belt([part])), Present(line=70))
    assert abs(middle_px(part, moves(11, 700)[number]) - 0.7 * 320) <= 11 / 2 + 4


def test_a_small_picture_is_looked_at_too() -> None:
    belt = Belt([Part(0, 16, 24), Part(-50, 16, 24)], width=64, height=48)
    assert len(seen(film(belt, 3, 160))) == 2


def test_the_empty_scene_can_be_a_picture_so_that_a_part_in_view_at_the_start_is_seen() -> None:
    belt = Belt([Part(200)])
    eye = Eye(Present(), Belt().seen(0, seed=999))
    assert eye.trouble is None
    frames = filmed([belt.seen(11.0 * number, seed=number) for number in range(30)])
    assert len([part for frame in frames for part in eye.look(frame)]) == 1


def test_nothing_is_learned_while_something_moves_and_it_says_so() -> None:
    belt = Belt([Part(-100.0 * number, 50) for number in range(60)])
    eye = Eye(Present(), None)
    for frame in filmed([belt.seen(9.0 * number, seed=number) for number in range(200)]):
        assert eye.look(frame) == []
    assert "not learned yet, and no part is seen: something moves in it" in str(eye.trouble)
    assert "empty=" in str(eye.trouble)


def test_it_is_learned_once_the_belt_is_empty() -> None:
    belt = Belt([Part(100), Part(-1500)])
    frames = filmed([belt.seen(10.0 * number, seed=number) for number in range(210)])
    assert len(seen(frames)) == 1


def test_what_stays_in_view_is_told_and_taken_back() -> None:
    belt = Belt([Part(0)])
    eye = Eye(Present(), Belt().seen(0))
    there = filmed([belt.seen(11.0 * number, seed=number) for number in range(20)])
    parts = [part for frame in there for part in eye.look(frame)]
    end_s = there[-1].captured_s
    stays = [belt.seen(209, seed=number) for number in range(20)]
    for frame in filmed(stays, 1, end_s + 0.04):
        parts += eye.look(frame)
    assert eye.trouble is None
    for frame in filmed(stays, 0.25, end_s + 21):
        parts += eye.look(frame)
    assert f"for more than {STUCK_S:g} s" in str(eye.trouble)
    for frame in filmed(
        [belt.seen(11.0 * number, seed=number) for number in range(20, 50)], RATE, 200
    ):
        parts += eye.look(frame)
    assert eye.trouble is None
    assert len(parts) >= 1


def test_a_picture_of_another_size_than_the_empty_one_is_told() -> None:
    eye = Eye(Present(), Belt(width=640).seen(0))
    [frame] = filmed([Belt().seen(0)])
    assert eye.look(frame) == []
    assert "another size than the camera's picture, 320x160" in str(eye.trouble)


def test_without_a_name_another_size_is_learned_anew() -> None:
    frames = film(Belt([Part(0)]))
    larger = [
        np.repeat(np.repeat(each.image, 2, 0), 2, 1)
        for each in film(Belt([Part(0)]))
        if each.image is not None
    ]
    assert len(seen([*frames, *filmed(larger, RATE, 50)])) == 2


@pytest.mark.parametrize("lost", [3, 4])
def test_frames_that_went_lost_do_not_make_two_of_one(lost: int) -> None:
    frames = film(Belt([Part(0), Part(-170)]), 9)
    kept = [frame for frame in frames if (frame.number or 0) % 20 >= lost]
    assert len(seen(kept)) == 2


def test_after_a_while_without_pictures_what_was_at_the_line_is_told() -> None:
    frames = film(Belt([Part(0, 100)]), 11)
    at_line = [frame for frame in frames if (frame.number or 0) <= STILL + 16]
    empty: list[Image] = [Belt().seen(0, seed=number) for number in range(10)]
    assert len(seen([*at_line, *filmed(empty, RATE, 100)])) == 1
