"""Which stations a question is about."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal_column, select, true
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
        meant = select(StationRow.id).where(*conditions)
        if len(conditions) == len(wanted):  # one at most, whose rows an index has in order of time
            return station_id == meant.scalar_subquery()
        # The sum keeps SQLite from sorting all rows of these stations to find the newest.
        return (station_id + literal_column("0")).in_(meant)


EVERY_STATION = Scope()
