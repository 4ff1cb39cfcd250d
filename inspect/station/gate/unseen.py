"""When parts may have passed the camera and nobody looked. Has no clock of its own."""


class Unseen:
    """Makes spans of looks; before the first look nobody looked, for as long as there is a clock.

    What is not seen at one look was not since the look before.
    """

    def __init__(self) -> None:
        self._last_s = 0.0
        self._since_s: float | None = 0.0

    def look(self, now_s: float, *, seeing: bool) -> tuple[float, float] | None:
        """Note whether parts are seen at `now_s`, monotonic; return the span that ends with it."""
        last_s, self._last_s = self._last_s, now_s
        if not seeing:
            if self._since_s is None:
                self._since_s = last_s
            return None
        since_s, self._since_s = self._since_s, None
        return None if since_s is None else (since_s, now_s)
