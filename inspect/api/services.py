"""What the routes work with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ..messaging.broker_log import BrokerLine
from ..records.database import Database
from ..records.evidence_store import EvidenceStore
from ..records.health_board import HealthBoard
from ..records.keeping import Keeping
from .live import Live


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running server.

    `broker_trouble` says in a sentence why stations cannot be heard, `recording_trouble` why what
    they send cannot be recorded at present; None while all is well. `keeping` says how the care for
    the records goes.
    """

    database: Database
    evidence: EvidenceStore
    live: Live
    broker_trouble: Callable[[], str | None]
    recording_trouble: Callable[[], str | None]
    health: HealthBoard
    quarantine_limit_bytes: int
    broker_lines: Callable[[], Sequence[BrokerLine]] = tuple
    keeping: Callable[[], Keeping] = Keeping


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


FromServices = Annotated[Services, Depends(_services)]
