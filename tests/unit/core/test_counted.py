"""One, none and many."""

import pytest

from edgeinspect.core.counted import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 parts"), (1, "1 part"), (2, "2 parts"), (1200, "1,200 parts")]
)
def test_what_is_counted_agrees_with_its_number(number: int, said: str) -> None:
    assert counted(number, "part") == said


def test_a_word_may_have_its_own_plural() -> None:
    assert counted(1, "box", "boxes") == "1 box"
    assert counted(3, "box", "boxes") == "3 boxes"
