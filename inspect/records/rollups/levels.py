"""Cuts a span of time into whole cells, as coarse as they fit, and the odd ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LEVELS_S = (60, 900, 3600, 86_400)
"""Lengths of the cells that are kept; each is a multiple of the one before it.

All begin at multiples since 1970. Days of a time zone are made of its quarters of an hour.
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of time, `until` outside, made of whole cells of `level_s`; of rows where None."""

    level_s: int | None
    since: datetime
    until: datetime

    @property
    def cells(self) -> tuple[int, int]:
        """Return the seconds since 1970 at which the first cell begins, and the last ends."""
        return (_since_epoch(self.since) // 10**6, _since_epoch(self.until) // 10**6)


def levels_within(cell_s: int) -> tuple[int, ...]:
    """Return the levels of which cells of `cell_s` seconds can be made, the finest first."""
    return tuple(level_s for level_s in LEVELS_S if cell_s % level_s == 0)


def pieces(since: datetime, until: datetime, levels_s: Sequence[int]) -> tuple[Piece, ...]:
    """Cut the span into pieces in order of time, few cells and hardly any rows to read.

    `levels_s` has the finest first; the coarsest is used wherever a whole cell fits.
    """
    start, end = _since_epoch(since), _since_epoch(until)
    return tuple(_cut(None, start, end, levels_s)) if start < end else ()


def _cut(level_s: int | None, start: int, end: int, coarser_s: Sequence[int]) -> Iterator[Piece]:
    """Cut microseconds since 1970, whose ends lie on cells of `level_s`."""
    step = coarser_s[0] * 10**6 if coarser_s else 0
    first, last = (-(-start // step) * step, end // step * step) if step else (end, end)
    if first >= last:
        yield Piece(level_s, _moment(start), _moment(end))
        return
    if start < first:
        yield Piece(level_s, _moment(start), _moment(first))
    yield from _cut(coarser_s[0], first, last, coarser_s[1:])
    if last < end:
        yield Piece(level_s, _moment(last), _moment(end))


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(microseconds: int) -> datetime:
    return _EPOCH + microseconds * _MICROSECOND
