"""Every trigger ends with its frame or with the cause that there is none, once and in order."""

from datetime import UTC, datetime
from threading import Thread
from time import monotonic

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.camera.triggered import STOPPED, Pairing, TriggeredBasket
from edgeinspect.core.clock import utc_now
from edgeinspect.core.frame import Frame
from edgeinspect.core.part import PartContext
from edgeinspect.core.trigger import Trigger

FAR_S = 1e9
"""On a clock of its own, far ahead: nothing expires while a test runs."""


def frame(at_s: float) -> Frame:
    return Frame(np.zeros((2, 2, 3), np.uint8), utc_now(), at_s, "camera")


def trigger(number: int, at_s: float) -> Trigger:
    return Trigger(at_s, datetime(2026, 1, 1, tzinfo=UTC), "test", PartContext(serial=f"{number}"))


def basket(depth: int = 8, **pairing: float) -> TriggeredBasket:
    return TriggeredBasket(Pairing(**pairing), lambda: "the cable is cut.", depth)


def serial(each: Frame) -> str | None:
    return each.trigger.context.serial if each.trigger else None


def drained(one: TriggeredBasket) -> list[Frame]:
    return list(iter(one.poll, None))


STEPS = st.lists(st.sampled_from(["trigger", "frame", "wait", "take"]), max_size=80)


@given(STEPS, st.sampled_from([0.0, 30.0]), st.integers(1, 3))
def test_whatever_happens_every_trigger_is_settled_once_and_in_order(
    steps: list[str], delay_ms: float, depth: int
) -> None:
    one = basket(depth, delay_ms=delay_ms, within_ms=100)
    now_s, told, settled = FAR_S, 0, []
    began: dict[str, float] = {}
    for step in steps:
        now_s += 0.2 if step == "wait" else 0.01
        if step == "trigger":
            told += 1
            began[str(told)] = now_s
            assert one.trigger(trigger(told, now_s))
        elif step == "frame":
            one.put(frame(now_s))
        elif step == "take" and (taken := one.poll()) is not None:
            settled.append(taken)
    one.close()
    settled += list(iter(one.take, None))
    assert [serial(each) for each in settled] == [str(number) for number in range(1, told + 1)]
    health = one.health(refused=0)
    assert health.heard == told == health.met + health.overtaken + health.unseen
    for each in settled:
        assert each.missed == (each.image is None)
        if not each.missed:
            waited_s = each.captured_s - began[str(serial(each))]
            assert delay_ms / 1e3 - 1e-6 <= waited_s <= (delay_ms + 100) / 1e3 + 1e-6
    seen = [each.captured_s for each in settled if not each.missed]
    assert seen == sorted(set(seen))


class Minder:
    """Stands for the gate: keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, float]] = []

    def foresee(self, at_s: float, part: int | None) -> int:
        number = part or 1 + max((number for number, _ in self.told), default=0)
        self.told.append((number, at_s))
        return number


def test_the_gate_hears_of_a_part_with_its_trigger_and_of_its_picture_before_it_is_judged() -> None:
    gate = Minder()
    one = TriggeredBasket(Pairing(delay_ms=100), lambda: None, depth=1, foresee=gate.foresee)
    one.trigger(trigger(1, FAR_S))
    assert gate.told == [(1, FAR_S + 0.1)]
    one.put(frame(FAR_S + 0.15))
    one.trigger(trigger(2, FAR_S + 0.2))
    one.put(frame(FAR_S + 0.35))  # too many wait: it is missed
    assert gate.told[1:] == [(1, FAR_S + 0.15), (2, FAR_S + 0.2 + 0.1), (2, FAR_S + 0.35)]
    assert [(each.at_gate, each.missed) for each in drained(one)] == [(1, False), (2, True)]


def test_a_part_whose_picture_never_comes_is_expected_since_its_trigger() -> None:
    gate = Minder()
    one = TriggeredBasket(Pairing(within_ms=20), lambda: None, foresee=gate.foresee)
    at_s = monotonic()
    one.trigger(trigger(1, at_s))
    taken = one.take()
    assert taken is not None and taken.missed
    assert (taken.at_gate, gate.told) == (1, [(1, at_s)])


def test_a_trigger_held_up_on_its_way_has_the_frame_that_came_meanwhile() -> None:
    one = basket()
    one.put(frame(FAR_S + 0.01))
    one.trigger(trigger(1, FAR_S))
    assert [each.missed for each in drained(one)] == [False]


def test_without_a_picture_in_time_the_record_says_so_and_what_the_camera_suffers_from() -> None:
    one = basket(within_ms=20)
    one.trigger(trigger(1, monotonic()))
    taken = one.take()
    assert taken is not None
    assert taken.unreadable == (
        "the picture was missed: none came within 20 ms of its trigger (the cable is cut)"
    )


def test_a_judge_that_is_too_slow_misses_parts_and_each_is_named() -> None:
    one = basket(depth=2)
    for number in range(1, 4):
        one.trigger(trigger(number, FAR_S + number))
        one.put(frame(FAR_S + number))
    taken = drained(one)
    assert [(serial(each), each.missed) for each in taken] == [
        ("1", False),
        ("2", False),
        ("3", True),
    ]
    assert "while 2 waited" in str(taken[-1].unreadable)


def test_what_waits_at_the_end_is_handed_out_and_nothing_more_is_taken() -> None:
    one = basket()
    one.trigger(trigger(1, FAR_S))
    one.put(frame(FAR_S))
    one.trigger(trigger(2, FAR_S))
    one.close()
    taken = list(iter(one.take, None))
    assert [serial(each) for each in taken] == ["1", "2"]
    assert all(STOPPED in str(each.unreadable) for each in taken)
    assert not one.trigger(trigger(3, FAR_S))
    assert one.refused == 1


def test_what_came_while_paused_is_let_go_and_counted() -> None:
    one = basket()
    one.trigger(trigger(1, FAR_S))
    one.put(frame(FAR_S))
    one.trigger(trigger(2, FAR_S))
    one.clear()
    assert (one.health(refused=3).let_go, drained(one)) == (2, [])
    assert one.health(refused=3).refused == 3


def test_who_waits_is_woken_by_a_trigger_and_by_the_end() -> None:
    one = basket()
    taken: list[Frame] = []
    reader = Thread(target=lambda: taken.extend(iter(one.take, None)))
    reader.start()
    one.trigger(trigger(1, FAR_S))
    one.put(frame(FAR_S))
    one.close()
    reader.join(5)
    assert not reader.is_alive()
    assert [serial(each) for each in taken] == ["1"]
