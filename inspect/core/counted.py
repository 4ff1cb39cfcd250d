"""How many there are of something, as English says it."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return `1 part`, `0 parts` or `1,200 parts`; `many` is said where `one` + s is no word."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
