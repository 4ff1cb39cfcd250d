"""The live stream."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from ..services import FromServices

router = APIRouter(tags=["live"])


@router.get(
    "/live",
    summary="Follow what is recorded, as it is recorded",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": (
                "Server-sent events: `inspection` (an Inspection), `station` (a StationSummary), "
                "`evidence` ({sha256}), `dropped` ({events}: how many this listener was too slow "
                "for), and a comment every 10 s of silence"
            ),
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def follow(services: FromServices) -> StreamingResponse:
    """Stream until the listener leaves or the server stops."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = services.live.listen()
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)
