"""Who is asked when: everyone judges the same images, a few at a time, all taking turns."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` items at even distances, or all where there are fewer."""
    if count >= len(items):
        return list(items)
    return [items[place * len(items) // count] for place in range(count)]


def turns(
    names: Sequence[str], images: Sequence[Item], block: int, rounds: int = 1
) -> Iterator[tuple[str, list[Item]]]:
    """Yield who judges which images next, `block` of them at a time.

    Every block goes to all before the next one comes, each time beginning with another.
    """
    number = 0
    for _ in range(rounds):
        for start in range(0, len(images), block):
            for place in range(len(names)):
                name = names[(place + number) % len(names)]
                yield name, list(images[start : start + block])
            number += 1
