"""Walks the audit log from its first entry, and remembers what it says of the records."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from ...core.audit import AuditHead
from ..audit.entry import BEFORE_THE_FIRST, Entry, Kind
from ..audit.tables import AuditHeadRow, AuditRow
from .flaws import Flaw, Found

READ_AT_ONCE = 1000


@dataclass(slots=True)
class Seal:
    """What the log says of a closed page, and which of its positions were removed."""

    rows: int
    sha256: str
    closed_at: datetime
    removed: list[range] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What the log says that can be held against the records."""

    pages: dict[int, Seal] = field(default_factory=dict)
    replaced: set[UUID] = field(default_factory=set)
    held: dict[UUID, tuple[datetime, str, str]] = field(default_factory=dict)
    carried: Counter[str] = field(default_factory=Counter)


class ChainWalk:
    """One walk over the log; `told` is complete when `flaws` has given everything.

    `kept` is a head that was kept elsewhere, of which only the hash may be known.
    """

    def __init__(self, connection: Connection, kept: AuditHead | str | None) -> None:
        self._connection = connection
        self._kept = kept.sha256 if isinstance(kept, AuditHead) else kept
        self._number = kept.number if isinstance(kept, AuditHead) else None
        self.told = Told()

    def flaws(self) -> Iterator[Found]:
        """Give every entry that was edited or is missing."""
        last, end, kept_seen = 0, BEFORE_THE_FIRST, self._kept in (None, BEFORE_THE_FIRST)
        for row in self._rows():
            entry = Entry(*row[:-1])
            if entry.sha256 != row.sha256:
                yield Found(Flaw.ENTRY_EDITED, str(row.number))
            if row.number != last + 1:
                yield Found(Flaw.ENTRY_REMOVED, _span(last + 1, row.number - 1))
            elif row.previous != end:
                yield Found(Flaw.ENTRY_EDITED, str(last or 1))
            kept_seen |= row.sha256 == self._kept and self._number in (None, row.number)
            _learn(self.told, entry)
            last, end = row.number, row.sha256
        yield from self._end(last, end)
        if not kept_seen:
            yield Found(Flaw.HEAD_UNKNOWN, f"{self._number or ''} {self._kept}".strip())

    def _end(self, last: int, end: str) -> Iterator[Found]:
        head = self._connection.execute(select(AuditHeadRow)).one_or_none()
        number, sha256 = (head.number, head.sha256) if head else (0, BEFORE_THE_FIRST)
        if number > last:
            yield Found(Flaw.ENTRY_REMOVED, _span(last + 1, number))
        elif (number, sha256) != (last, end):
            yield Found(Flaw.ENTRY_EDITED, str(last))

    def _rows(self) -> Iterator[Any]:
        query = select(*AuditRow.__table__.c).order_by(AuditRow.number)
        with self._connection.execute(query.execution_options(yield_per=READ_AT_ONCE)) as rows:
            yield from rows


def _span(first: int, last: int) -> str:
    return str(first) if first >= last else f"{first} to {last}"


def _learn(told: Told, entry: Entry) -> None:
    """Remember what `entry` says; one that cannot be read was edited, and is found as such."""
    try:
        _READERS.get(entry.what, _nothing)(told, entry, json.loads(entry.detail))
    except (KeyError, TypeError, ValueError):
        return


def _nothing(_told: Told, _entry: Entry, _detail: Any) -> None:
    pass


def _page_closed(told: Told, entry: Entry, detail: Any) -> None:
    told.pages[_page(entry)] = Seal(detail["rows"], detail["sha256"], entry.at)


def _guess_replaced(told: Told, entry: Entry, _detail: Any) -> None:
    told.replaced.add(UUID(entry.about))


def _rows_removed(told: Told, entry: Entry, detail: Any) -> None:
    told.carried.update({name: int(number) for name, number in detail["counts"].items()})
    if detail["left"] == 0:
        told.pages.pop(_page(entry), None)
        return
    for first, last in detail["positions"]:
        told.pages[_page(entry)].removed.append(range(first, last + 1))


def _hold_set(told: Told, entry: Entry, detail: Any) -> None:
    told.held[UUID(entry.about)] = (entry.at, entry.who, detail["reason"])


def _hold_lifted(told: Told, entry: Entry, _detail: Any) -> None:
    told.held.pop(UUID(entry.about), None)


def _page(entry: Entry) -> int:
    return int(entry.about.removeprefix("page "))


_READERS: dict[str, Callable[[Told, Entry, Any], None]] = {
    Kind.PAGE_CLOSED: _page_closed,
    Kind.GUESS_REPLACED: _guess_replaced,
    Kind.ROWS_REMOVED: _rows_removed,
    Kind.HOLD_SET: _hold_set,
    Kind.HOLD_LIFTED: _hold_lifted,
}
