"""What the routes work with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from ..records.database import Database
from ..records.evidence_store import EvidenceStore
from .live import Live


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running server.

    `broker_connected` says whether stations can be heard, `recording_trouble` why what they send
    cannot be recorded at present.
    """

    database: Database
    evidence: EvidenceStore
    live: Live
    broker_connected: Callable[[], bool]
    recording_trouble: Callable[[], str | None]


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


FromServices = Annotated[Services, Depends(_services)]
