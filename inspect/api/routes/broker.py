"""Whom the broker turned away."""

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from ...core.frozen import FrozenModel
from ..services import FromServices

router = APIRouter(tags=["broker"])


class Refusal(FrozenModel):
    """A line of the broker's log about a client it turned away."""

    at: AwareDatetime
    text: str


class Refusals(FrozenModel):
    """The last 200, the newest first."""

    items: tuple[Refusal, ...] = Field(
        description="Since this server started; only Mosquitto with `log_dest topic` tells them"
    )


@router.get("/broker/refusals", summary="List whom the broker turned away")
def list_refusals(services: FromServices) -> Refusals:
    """Return what the broker said of wrong passwords, bad certificates and too large messages."""
    lines = services.broker_lines()
    return Refusals(items=tuple(Refusal(at=line.at, text=line.text) for line in lines))
