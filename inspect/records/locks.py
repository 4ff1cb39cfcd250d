"""The order in which every writer takes what others may wait for, so that none waits in a ring.

On PostgreSQL it is: the message in the quarantine, if one is settled; stations, by their id; the
row of `meta`; images; a page; the end of the audit log. SQLite has one writer at a time anyway.
"""

from collections.abc import Collection

from sqlalchemy import Connection, select

from ..core.inspection import StationAddress
from .audit.chain import lock
from .places import hold_stations
from .tables import MetaRow


def hold_all(connection: Connection, addresses: Collection[StationAddress]) -> None:
    """Take every lock that recording and an entry of the log need, at once and in order.

    For who records in the middle of a transaction: what follows could want an earlier one again.
    """
    hold_stations(connection, addresses)
    connection.execute(select(MetaRow.id).with_for_update()).one()
    lock(connection)
