"""A camera's own count of its frames, without the turns it takes."""

TURN = 65_535
"""GigE Vision 1 counts from 1 to 65535, and from 1 again; 0 is left out."""
NEAR = 10_000
"""Numbers that are farther apart are not of one count: the camera began to count anew."""


class FrameNumbers:
    """Counts on where a camera begins anew."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._number = 0

    def of(self, id: int) -> int:  # noqa: A002 - GigE Vision's word
        """Return the number of the frame of an `id`; a late one has that of the newest."""
        if self._last is None:
            self._last = self._number = id
            return id
        step = id - self._last
        if step < 0 and 0 < step + TURN <= NEAR:
            step += TURN
        if abs(step) > NEAR:
            step = 1
        if step > 0:
            self._number += step
            self._last = id
        return self._number
