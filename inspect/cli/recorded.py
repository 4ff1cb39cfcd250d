"""The records that a command works on, without the server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import RecordsError
from ..settings.tree import Settings

if TYPE_CHECKING:
    from ..records.database import Database


@contextmanager
def opened(settings: Settings) -> Iterator["Database"]:
    """Open the records of the settings; nothing is made where there are none yet.

    Raises RecordsError, and in its place whatever else the database says in the block.
    """
    from ..records.database import open_database

    place = settings.database
    if isinstance(place, Path) and not place.is_file():
        raise RecordsError(
            f"database {place}: is not there; no server has recorded there yet, or --data must "
            "name its folder."
        )
    with closing(open_database(place)) as database, said_once():
        yield database


@contextmanager
def said_once() -> Iterator[None]:
    """Turn what a database says in the block into one sentence, a RecordsError."""
    from sqlalchemy.exc import DBAPIError

    from ..records.database import sentence

    try:
        yield
    except DBAPIError as error:
        raise RecordsError(
            f"the database cannot be used now ({sentence(error)}); try again later."
        ) from None
