"""Holds every record against the page it was written on, and its columns against its document."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, func, select

from ...core.inspection import Inspection
from ..audit.pages import EMPTY, page_digest, page_name, record_digest
from ..audit.tables import PageLineRow, PageRow
from ..rows import inspection_row
from ..tables import BootRow, InspectionRow, StationRow
from .belongings import Belongings, belongings_of
from .chain import Told
from .flaws import Flaw, Found


class PageCheck:
    """One look at all pages; `on_rows` is told how many inspections each had."""

    def __init__(self, connection: Connection, told: Told, on_rows: Callable[[int], None]) -> None:
        self._connection = connection
        self._told = told
        self._on_rows = on_rows
        self._present = 0
        stations = connection.execute(select(StationRow)).all()
        self._stations = {(row.site, row.line, row.station): row.id for row in stations}
        boots = connection.execute(select(BootRow.id, BootRow.station_id, BootRow.boot))
        self._boots = {(row.station_id, row.boot): row.id for row in boots}

    def flaws(self) -> Iterator[Found]:
        """Give every page, and every inspection, that is not what was recorded."""
        seen = set()
        for page in self._connection.execute(select(PageRow).order_by(PageRow.id)).all():
            seen.add(page.id)
            yield from self._page(page)
        for missing in sorted(self._told.pages.keys() - seen):
            yield Found(Flaw.PAGE, page_name(missing))
        yield from self._unknown()

    def _page(self, page: Any) -> Iterator[Found]:
        lines = self._lines(page.id)
        if not self._as_sealed(page, lines):
            yield Found(Flaw.PAGE, page_name(page.id))
        present = [line for line in lines if line.id is not None]
        belongings = belongings_of(self._connection, present)
        seal = self._told.pages.get(page.id)
        for line in lines:
            removed = any(line.position in span for span in seal.removed) if seal else False
            yield from self._line(line, removed, belongings)
        self._present += len(present)
        self._on_rows(len(present))

    def _as_sealed(self, page: Any, lines: list[Any]) -> bool:
        """Say whether the lines of a page are those that were written."""
        seal = self._told.pages.get(page.id)
        said = None if seal is None else (seal.rows, seal.sha256, seal.closed_at)
        kept = (page.rows, page.sha256, page.closed_at) if page.closed_at else None
        numbered = [line.position for line in lines] == list(range(1, page.rows + 1))
        sha256 = page_digest(EMPTY, lines)
        return said == kept and numbered and sha256 == page.sha256

    def _line(self, line: Any, removed: bool, belongings: Belongings) -> Iterator[Found]:
        removed = removed or line.inspection_id in self._told.replaced
        if line.id is None:
            if not removed:
                yield Found(Flaw.REMOVED, str(line.inspection_id))
        elif removed:
            yield Found(Flaw.ADDED, str(line.id))
        elif not self._as_recorded(line, belongings):
            yield Found(Flaw.EDITED, str(line.id))

    def _as_recorded(self, row: Any, belongings: Belongings) -> bool:
        if record_digest(row.recorded_at, row.document) != row.sha256:
            return False
        try:
            inspection = Inspection.model_validate_json(row.document)
        except ValidationError:
            return False
        station = (inspection.site, inspection.line, inspection.station)
        station_id = self._stations.get(station, 0)
        boot_id = self._boots.get((station_id, inspection.boot), 0)
        said = inspection_row(inspection, station_id, boot_id, row.recorded_at)
        del said["document"]  # its digest is right, whatever this version would write
        same = all(getattr(row, name) == value for name, value in said.items())
        return same and belongings.fit(inspection, boot_id)

    def _unknown(self) -> Iterator[Found]:
        """Give inspections that are on no page."""
        rows = self._connection.scalar(select(func.count()).select_from(InspectionRow))
        if rows != self._present:
            line, row = PageLineRow, InspectionRow
            known = select(line.inspection_id).join(PageRow, PageRow.id == line.page_id).subquery()
            query = select(row.id).outerjoin(known, known.c.inspection_id == row.id)
            unknown = self._connection.scalars(query.where(known.c.inspection_id.is_(None)))
            yield from (Found(Flaw.ADDED, str(row_id)) for row_id in unknown)

    def _lines(self, page_id: int) -> list[Any]:
        """Return the lines of a page, each with its inspection; all null where that is gone."""
        line, row = PageLineRow, InspectionRow
        query = select(line.position, line.inspection_id, line.sha256, *row.__table__.c)
        query = query.outerjoin(row, row.id == line.inspection_id).where(line.page_id == page_id)
        return list(self._connection.execute(query.order_by(line.position)).all())
