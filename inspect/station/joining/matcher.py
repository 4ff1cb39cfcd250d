"""Which views are of one part: matched by its serial, within a time. Has no clock and no wire."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ...camera.foreseen import Foresee, unforeseen
from ...core.views import Views
from ...decision.views import Sighting

MOST = 10_000
"""So many parts may wait for a view or to be recorded; so many decided serials are known."""
MOST_OF_ONE = 100
"""So many are known under one serial: a fixture's code may be taken for that of every part."""
NEVER = datetime.min.replace(tzinfo=UTC)


class Heard(StrEnum):
    """What became of a view."""

    TAKEN = "taken"
    AGAIN = "again"
    """It is known already."""
    LATE = "late"
    """Its part was decided without it, or seen before the station began."""
    REFUSED = "refused"
    """Too many parts wait."""


@dataclass(slots=True)
class ViewedPart:
    """A part and the views of it that came, by station; times are those of the first capture.

    `captured_s` and `heard_s` (when the first view came) are on the monotonic clock, `captured_at`
    is UTC. `at_gate` is the number under which the gate expects it.
    """

    key: str | UUID
    captured_at: datetime
    captured_s: float
    heard_s: float
    at_gate: int | None = None
    views: dict[str, Sighting] = field(default_factory=dict)
    repeated_by: str | None = None
    image: None = None
    unreadable: str = "this station joins the verdicts of others; ask one of those"

    @property
    def told_serial(self) -> str | None:
        """What it is known by; None for a view that could not tell."""
        return self.key if isinstance(self.key, str) else None

    @property
    def moments(self) -> list[datetime]:
        """When the pictures of its views were taken."""
        return [view.captured_at for view in self.views.values()]

    def holds(self, view: Sighting) -> bool:
        """Say whether this very view is one of its own."""
        return any(each.inspection == view.inspection for each in self.views.values())


@dataclass(frozen=True, slots=True)
class _Decided:
    """What is remembered of a part: when it was seen, and its views."""

    captured_at: datetime
    views: dict[str, UUID]

    def holds(self, view: Sighting) -> bool:
        """Say whether this very view was one of its own."""
        return view.inspection in self.views.values()


class Matcher:
    """Gathers views into parts; each part is handed out once, when its last view came or is due.

    A view without a serial is a part by itself: no other can be told to be of the same one.
    A view taken before `since` may be of a part decided before, and is too late. `foresee` hears of
    every part at its first view, and of its time again when an earlier one comes.
    """

    def __init__(
        self,
        views: Views,
        foresee: Foresee = unforeseen,
        since: datetime = NEVER,
    ) -> None:
        self._views = views
        self._within = timedelta(milliseconds=views.within_ms)
        self._foresee = foresee
        self._waiting: list[ViewedPart] = []
        self._ready: deque[ViewedPart] = deque()
        self._decided: OrderedDict[str | UUID, list[_Decided]] = OrderedDict()
        self._since = since

    def hear(self, view: Sighting, captured_s: float, now_s: float) -> Heard:
        """Take a view in; `captured_s` is when its picture was taken, monotonic."""
        key = view.serial or view.inspection
        waiting, decided = self._waiting_under(key), self._decided.get(key, ())
        if any(each.holds(view) for each in (*waiting, *decided)):
            return Heard.AGAIN
        near = [part for part in waiting if all(map(self._near(view), part.moments))]
        past = [each for each in decided if self._near(view)(each.captured_at)]
        if view.captured_at < self._since:
            self.turn_away(captured_s)
            return Heard.LATE
        if any(view.station not in each.views for each in past):
            return Heard.LATE
        if len(near) > 1:  # nobody knows of which of them it is
            for each in near:
                each.repeated_by = each.repeated_by or view.station
        part = next((part for part in near if view.station not in part.views), None)
        if part is None:
            if len(self._waiting) + len(self._ready) >= MOST:
                self.turn_away(captured_s)
                return Heard.REFUSED
            part = ViewedPart(key, view.captured_at, captured_s, now_s)
            part.at_gate = self._foresee(captured_s, None)
            self._waiting.append(part)
            for each in (*near, part) if near or past else ():
                each.repeated_by = view.station
        self._add(part, view, captured_s)
        return Heard.TAKEN

    def turn_away(self, captured_s: float) -> None:
        """Have a part rejected that this station does not decide on: none with a verdict comes."""
        self._foresee(captured_s, None)

    def take(self, now_s: float) -> ViewedPart | None:
        """Return the next part that is to be decided at `now_s`, if any."""
        while self._waiting and now_s >= self._due_s(self._waiting[0]):
            self._settle(self._waiting[0])
        return self._ready.popleft() if self._ready else None

    def next_due_s(self) -> float | None:
        """Return when the part that waits longest has waited enough; None where none waits."""
        return self._due_s(self._waiting[0]) if self._waiting else None

    def settle_all(self) -> None:
        """Wait for no view any longer."""
        while self._waiting:
            self._settle(self._waiting[0])

    def clear(self) -> int:
        """Let go of every part that is not handed out yet; return how many there were."""
        count = len(self._waiting) + len(self._ready)
        self._waiting.clear()
        self._ready.clear()
        return count

    def _waiting_under(self, key: str | UUID) -> list[ViewedPart]:
        return [part for part in self._waiting if part.key == key]

    def _near(self, view: Sighting) -> Callable[[datetime], bool]:
        return lambda moment: abs(moment - view.captured_at) <= self._within

    def _add(self, part: ViewedPart, view: Sighting, captured_s: float) -> None:
        part.views[view.station] = view
        if captured_s < part.captured_s:
            part.captured_at, part.captured_s = view.captured_at, captured_s
            part.at_gate = self._foresee(captured_s, part.at_gate)
        if view.serial is None or len(part.views) == len(self._views.stations):
            self._settle(part)

    def _settle(self, part: ViewedPart) -> None:
        self._waiting.remove(part)
        self._ready.append(part)
        views = {name: view.inspection for name, view in part.views.items()}
        self._remember(part.key, _Decided(part.captured_at, views))

    def _remember(self, key: str | UUID, decided: _Decided) -> None:
        under_key = self._decided.setdefault(key, [])
        under_key.append(decided)
        self._decided.move_to_end(key)
        if len(under_key) > MOST_OF_ONE:
            del under_key[0]
        if len(self._decided) > MOST:
            self._decided.popitem(last=False)

    def _due_s(self, part: ViewedPart) -> float:
        return part.heard_s + self._views.within_ms / 1e3
