"""Whatever a column may hold survives a backup's lines of JSON, and nothing else is taken."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgeinspect.records.backup.chunks import MAX_ROWS, pack, unpack
from edgeinspect.records.backup.kinds import Kind, kind_of
from edgeinspect.records.tables import Table

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 12, 31), timezones=st.just(UTC))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.ID: st.uuids(),
    Kind.MOMENT: _MOMENTS,
    Kind.BOOLEAN: st.booleans(),
    Kind.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Kind.NUMBER: st.floats(allow_nan=False),
    Kind.BYTES: st.binary(),
    Kind.TEXT: _TEXT,
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Kind], list[list[Any]]]:
    """Some rows of a table of any columns."""
    kinds = draw(st.lists(st.sampled_from(list(Kind)), min_size=1, max_size=6))
    row = st.tuples(*(st.none() | VALUES[kind] for kind in kinds)).map(list)
    return kinds, draw(st.lists(row, max_size=20))


@given(tables())
def test_rows_come_back_as_they_were(table: tuple[list[Kind], list[list[Any]]]) -> None:
    kinds, rows = table
    chunks = list(pack(rows, kinds))
    assert [row for chunk in chunks for row in unpack(chunk.content, kinds)] == rows
    assert sum(chunk.rows for chunk in chunks) == len(rows)


@given(st.binary(max_size=200), st.lists(st.sampled_from(list(Kind)), max_size=3))
def test_no_bytes_do_more_than_to_be_refused(content: bytes, kinds: list[Kind]) -> None:
    with pytest.raises(ValueError):
        list(unpack(content, kinds))


def test_many_rows_are_cut_and_large_ones_too() -> None:
    few = list(pack([[1]] * (MAX_ROWS + 1), [Kind.INTEGER]))
    assert [chunk.rows for chunk in few] == [MAX_ROWS, 1]
    large = list(pack([["x" * 3_000_000]] * 4, [Kind.TEXT]))
    assert [chunk.rows for chunk in large] == [2, 2]


def test_every_column_is_of_a_kind() -> None:
    kinds = {kind_of(column.type) for table in Table.metadata.tables.values() for column in table.c}
    assert kinds == set(Kind)
