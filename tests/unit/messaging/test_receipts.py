from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.messaging.message import Message
from edgeinspect.messaging.receipts import Receipts


def _message(number: int) -> Message:
    return Message("edgeinspect/v1/a/b/c/inspection", b"", receipt=number)


@given(st.permutations(range(12)), st.integers(1, 4))
def test_they_are_acknowledged_in_the_order_of_their_coming(order: list[int], at_once: int) -> None:
    said: list[int | None] = []
    receipts = Receipts(lambda messages: said.extend(each.receipt for each in messages))
    arrivals = [receipts.expect(_message(number)) for number in range(12)]
    for start in range(0, 12, at_once):
        done = order[start : start + at_once]
        receipts.done(arrivals[number] for number in done)
        open_still = set(order[start + at_once :])
        assert said == list(range(min(open_still, default=12)))


def test_those_of_an_earlier_connection_are_void() -> None:
    said: list[int | None] = []
    receipts = Receipts(lambda messages: said.extend(each.receipt for each in messages))
    old = receipts.expect(_message(1))
    receipts.begin()
    new = receipts.expect(_message(7))
    receipts.done([old])
    assert said == []
    receipts.done([new])
    assert said == [7]
