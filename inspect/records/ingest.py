"""Records batches: each wholly or not at all, and no inspection twice.

The order in which it locks what others use too is that of `locks`.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, update

from ..core.clock import utc_now
from ..core.delivery import Recorded
from ..core.inspection import StationAddress
from .accept import accept
from .audit.in_use import note_in_use
from .audit.pages import ROWS_A_PAGE, note_replaced, write_down
from .batch import Batch, Recording, seats_of
from .database import Database
from .delivery import announce, note_evidence, note_seats, stations_with_open_boots, watermarks
from .places import hold, hold_stations
from .quarantine import DEFAULT_LIMIT_BYTES, quarantine
from .sequences import advance
from .tables import MetaRow


class Ingest:
    """Records what stations send; as many may work on one database as there are cores.

    Every `rows_a_page` records get an entry in the audit log.
    """

    def __init__(
        self,
        database: Database,
        quarantine_limit_bytes: int = DEFAULT_LIMIT_BYTES,
        *,
        rows_a_page: int = ROWS_A_PAGE,
    ) -> None:
        self._database = database
        self._limit_bytes = quarantine_limit_bytes
        self._rows_a_page = rows_a_page

    def record(self, batch: Batch) -> Recording:
        """Record `batch` in one durable transaction.

        Repeats are harmless. What cannot be recorded is quarantined and accounted for.
        Raises sqlalchemy's OperationalError while the database cannot be used; try again then.
        """
        with self._database.write() as connection:
            return self.record_in(connection, batch)

    def record_in(self, connection: Connection, batch: Batch) -> Recording:
        """Record `batch` within a transaction that is open already; nothing may follow in it but
        entries of the audit log.
        """
        places = hold(connection, batch)
        for announcement in batch.announcements:
            announce(connection, places, announcement)
        now = utc_now()
        seated = places.seated(batch.inspections)
        accepted = accept(connection, places, seated, now)
        refused = (*batch.refused, *accepted.refused)
        aside = quarantine(connection, places, refused, now, self._limit_bytes)
        seats = [each.seat for each in seated]
        seats += map(places.seat, seats_of(refused))
        note_seats(connection, seats, [each.seat for each in accepted.new])
        note_evidence(connection, batch, aside.kept, now)
        recorded = self._advance(connection, places.stations)
        note_replaced(connection, accepted.replaced)
        write_down(connection, accepted.lines, self._rows_a_page)
        note_in_use(connection, ((each.address, each.state) for each in batch.announcements))
        new = tuple(each.item for each in accepted.new)
        return Recording(new, aside.kept, aside.without_room, recorded)

    def begin_session(self) -> Mapping[StationAddress, Recorded]:
        """Note that the server listens anew; return what every station may forget by now.

        What was published while nobody listened is lost at most brokers: the new session makes
        the stations send it again.
        """
        with self._database.write() as connection:
            stations = hold_stations(connection, stations_with_open_boots(connection))
            connection.execute(update(MetaRow).values(session=MetaRow.session + 1))
            return self._advance(connection, stations)

    def _advance(
        self, connection: Connection, stations: Mapping[StationAddress, int]
    ) -> Mapping[StationAddress, Recorded]:
        advance(connection, list(stations.values()))
        return watermarks(connection, stations)
