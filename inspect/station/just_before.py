"""The pictures of the last passed parts, in memory, in case the next part is not good."""

from collections import deque
from uuid import UUID

from .evidence import Picture


class JustBefore:
    """Looks back over a few parts, and holds the pictures of those that are not kept anyway.

    At most 15 of 8 MB are held. No record speaks of them yet, so nobody waits for what a killed
    process took with it.
    """

    def __init__(self) -> None:
        self._parts: deque[Picture | None] = deque()

    def note(self, picture: Picture | None, inspection: UUID, look_back: int) -> None:
        """Note a part that went by, and forget what lies more than `look_back` parts back.

        `picture` is None when there is none, or when it is kept anyway.
        """
        self._parts.append(picture and _shown_later(picture, inspection))
        while len(self._parts) > look_back:
            self._parts.popleft()

    def take(self) -> list[Picture]:
        """Return the pictures held, the oldest first, and hold them no more."""
        held = [picture for picture in self._parts if picture is not None]
        self._parts.clear()
        return held


def _shown_later(picture: Picture, inspection: UUID) -> Picture:
    described, content = picture
    return described.model_copy(update={"kind": "before", "inspection": inspection}), content
