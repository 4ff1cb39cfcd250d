"""Which sequences of a boot are accounted for, up to where, and what is missing.

The database computes it from its own rows, within the transaction that changes them.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    bindparam,
    exists,
    func,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from .given_up import await_no_more, find_again
from .statement import insert_rows
from .tables import BootRow, EvidenceReferenceRow, EvidenceRow, SequenceRow

SeatKey = tuple[int, int]
"""A boot's row id, and a sequence of that boot."""


def claim(
    connection: Connection, wanted: Sequence[tuple[SeatKey, UUID | None]]
) -> dict[SeatKey, UUID | None]:
    """Claim each seat for its inspection, and return whose it is in truth: the first comer's.

    None stands for the quarantine, which gives its seat to any inspection that comes later.
    """
    if not wanted:
        return {}
    rows = [
        {"boot_id": boot_id, "sequence": sequence, "inspection_id": inspection_id}
        for (boot_id, sequence), inspection_id in wanted
    ]
    first = dict(reversed(wanted))
    find_again(connection, first)
    if insert_rows(connection, SequenceRow, rows, unless_there=True) == len(first):
        return first
    _take_over(connection, first)
    return _owners(connection, first)


def vacate(connection: Connection, seats: Collection[SeatKey]) -> None:
    """Give the seats to the quarantine, and so to the next inspection that claims them."""
    seat = tuple_(SequenceRow.boot_id, SequenceRow.sequence)
    statement = update(SequenceRow).where(seat.in_(list(seats)))
    connection.execute(statement.values(inspection_id=None))


def advance(connection: Connection, station_ids: Collection[int]) -> None:
    """Move both watermarks of the stations' open boots as far as the rows allow."""
    mine = {"mine": list(station_ids)}
    connection.execute(_advance_rows(), mine)
    await_no_more(connection, station_ids)
    connection.execute(_advance_evidence(), mine)


# Statements of every batch are built once: that takes longer than the database takes for them.


@cache
def _advance_rows() -> Update:
    following = exists().where(
        SequenceRow.boot_id == BootRow.id, SequenceRow.sequence == BootRow.rows_through + 1
    )
    return update(BootRow).where(_mine(), following).values(rows_through=_run_end())


@cache
def _advance_evidence() -> Update:
    behind = BootRow.evidence_through < BootRow.rows_through
    through = func.coalesce(_first_without_evidence() - 1, BootRow.rows_through)
    return update(BootRow).where(_mine(), behind).values(evidence_through=through)


def _mine() -> ColumnElement[bool]:
    """Return the condition that a boot is open, and of one of the stations bound as `mine`."""
    return BootRow.station_id.in_(bindparam("mine", expanding=True)) & BootRow.open


def holes(connection: Connection, boot_id: int, limit: int) -> tuple[tuple[int, int], ...]:
    """Return the first `limit` missing ranges of a boot, both ends included."""
    boot = BootRow.id == boot_id
    ahead = SequenceRow.sequence > BootRow.rows_through
    known = union_all(
        select(BootRow.rows_through.label("sequence")).where(boot),
        select(SequenceRow.sequence)
        .join(BootRow, SequenceRow.boot_id == BootRow.id)
        .where(boot, ahead),
        select(BootRow.last_sequence + 1).where(boot),
    ).subquery()
    following = func.lead(known.c.sequence).over(order_by=known.c.sequence)
    steps = select(known.c.sequence, following.label("following")).subquery()
    query = (
        select(steps.c.sequence + 1, steps.c.following - 1)
        .where(steps.c.following > steps.c.sequence + 1)
        .order_by(steps.c.sequence)
        .limit(limit)
    )
    return tuple((first, last) for first, last in connection.execute(query))


def quarantined_in_boot() -> ColumnElement[int]:
    """Return the expression for how many sequences of a row of `boots` only the quarantine has."""
    return (
        select(func.count())
        .where(SequenceRow.boot_id == BootRow.id, SequenceRow.inspection_id.is_(None))
        .correlate(BootRow)
        .scalar_subquery()
    )


def given_up_in_boot() -> ColumnElement[int]:
    """Return the expression for how many sequences of a row of `boots` its station gave up."""
    seated = BootRow.recorded + quarantined_in_boot()
    return BootRow.last_sequence - missing_in_boot() - seated - BootRow.lost


def missing_in_boot() -> ColumnElement[int]:
    """Return the expression for how many sequences of a row of `boots` are missing."""
    ahead = (
        select(func.count())
        .where(SequenceRow.boot_id == BootRow.id, SequenceRow.sequence > BootRow.rows_through)
        .correlate(BootRow)
        .scalar_subquery()
    )
    return BootRow.last_sequence - BootRow.rows_through - ahead


def _run_end() -> ColumnElement[int]:
    here, after = aliased(SequenceRow), aliased(SequenceRow)
    ends = ~exists().where(after.boot_id == here.boot_id, after.sequence == here.sequence + 1)
    return (
        select(here.sequence)
        .where(here.boot_id == BootRow.id, here.sequence > BootRow.rows_through, ends)
        .order_by(here.sequence)
        .limit(1)
        .correlate(BootRow)
        .scalar_subquery()
    )


def _first_without_evidence() -> ColumnElement[int]:
    reference = EvidenceReferenceRow
    stored = exists().where(EvidenceRow.sha256 == reference.sha256)
    return (
        select(reference.sequence)
        .where(
            reference.boot_id == BootRow.id,
            reference.sequence > BootRow.evidence_through,
            reference.sequence <= BootRow.rows_through,
            ~stored,
        )
        .order_by(reference.sequence)
        .limit(1)
        .correlate(BootRow)
        .scalar_subquery()
    )


def _take_over(connection: Connection, taken: dict[SeatKey, UUID | None]) -> None:
    statement = (
        update(SequenceRow)
        .where(
            SequenceRow.boot_id == bindparam("boot"),
            SequenceRow.sequence == bindparam("number"),
            SequenceRow.inspection_id.is_(None),
        )
        .values(inspection_id=bindparam("owner"))
    )
    rows = [
        {"boot": boot_id, "number": sequence, "owner": owner}
        for (boot_id, sequence), owner in taken.items()
    ]
    connection.execute(statement, rows)


def _owners(connection: Connection, seats: Collection[SeatKey]) -> dict[SeatKey, UUID | None]:
    query = select(SequenceRow.boot_id, SequenceRow.sequence, SequenceRow.inspection_id)
    seat = tuple_(SequenceRow.boot_id, SequenceRow.sequence)
    return _by_seat(connection.execute(query.where(seat.in_(list(seats)))).all())


def _by_seat(rows: Sequence[Any]) -> dict[SeatKey, UUID | None]:
    return {(boot_id, sequence): owner for boot_id, sequence, owner in rows}
