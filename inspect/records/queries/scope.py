"""Which stations a question is about."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from ..tables import StationRow


@dataclass(frozen=True, slots=True)
class Scope:
    """Stations by name; None stands for every one."""

    site: str | None = None
    line: str | None = None
    station: str | None = None

    def holds(self, station_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Return the condition that a row's station is meant."""
        wanted = (
            (StationRow.site, self.site),
            (StationRow.line, self.line),
            (StationRow.station, self.station),
        )
        conditions = [column == name for column, name in wanted if name is not None]
        if not conditions:
            return true()
        return station_id.in_(select(StationRow.id).where(*conditions))


EVERY_STATION = Scope()
