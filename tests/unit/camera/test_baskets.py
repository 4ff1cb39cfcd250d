"""Frames wait as the policy says, and none is missed in silence."""

from time import monotonic

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.camera.baskets import BASKETS, DEPTH, EveryBasket, Grab, NewestBasket
from edgeinspect.core.clock import utc_now
from edgeinspect.core.frame import Frame


def frame(number: int) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), utc_now(), monotonic(), str(number), number=number)


def test_the_newest_frame_overtakes_the_one_that_waits() -> None:
    basket = NewestBasket()
    for number in (1, 2, 3):
        basket.put(frame(number))
    taken = basket.take()
    assert taken is not None
    assert (taken.number, basket.overtaken) == (3, 2)


@given(st.lists(st.sampled_from(["put", "lost", "take"]), max_size=60))
def test_every_frame_is_handed_out_in_order_or_said_to_be_missed(steps: list[str]) -> None:
    basket, came, waiting = EveryBasket(), 0, 0
    taken: list[Frame | None] = []
    for step in steps:
        if step == "take" and waiting:
            taken.append(basket.take())
            waiting -= 1
        elif step != "take":
            came += 1
            waiting += 1
            basket.put(frame(came)) if step == "put" else basket.miss(1, "lost")
    taken += [basket.take() for _ in range(waiting)]
    assert len(taken) == came
    for number, each in enumerate(taken, 1):
        assert each is not None
        assert each.number in (number, None)
        assert (each.number is None) == (each.image is None)
    assert len([each for each in taken if each and each.number]) >= min(steps.count("put"), DEPTH)


def test_where_every_frame_is_a_part_the_gate_hears_of_each_as_it_comes() -> None:
    told: list[float] = []

    def foresee(at_s: float, _part: int | None) -> int:
        told.append(at_s)
        return len(told)

    basket, frames = EveryBasket(depth=1), [frame(number) for number in (1, 2, 3)]
    basket.foresee = foresee
    for each in frames:
        basket.put(each)
    assert told == [each.captured_s for each in frames]
    taken = [basket.take() for _ in range(3)]
    assert [(each.at_gate, each.missed) for each in taken if each] == [
        (1, False),
        (3, True),
        (3, True),
    ]


@pytest.mark.parametrize("grab", list(Grab))
def test_what_was_taken_while_nobody_wanted_it_can_be_let_go(grab: Grab) -> None:
    basket = BASKETS[grab]()
    basket.put(frame(1))
    basket.miss(3, "lost")
    basket.clear()
    for number in range(2, 2 + DEPTH):
        basket.put(frame(number))
    taken = basket.take()
    assert taken is not None
    assert taken.number == (2 if grab is Grab.EVERY else 1 + DEPTH)


@pytest.mark.parametrize("grab", list(Grab))
def test_a_closed_basket_hands_out_nothing(grab: Grab) -> None:
    basket = BASKETS[grab]()
    basket.put(frame(1))
    basket.close()
    assert basket.take() is None
