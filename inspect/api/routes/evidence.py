"""The images that are kept."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from ...core.identity import Sha256
from ...records.evidence_store import content_type
from ..problems import documented
from ..services import FromServices

router = APIRouter(tags=["evidence"])

_IMAGE = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/evidence/{sha256}",
    summary="Get one image",
    response_class=Response,
    responses={
        200: {"description": "The image", "content": {"image/jpeg": _IMAGE, "image/png": _IMAGE}},
        **documented(404, 422),
    },
)
def get_evidence(services: FromServices, sha256: Sha256) -> Response:
    """Return the image with this digest; it never changes, and may be kept for ever."""
    content = services.evidence.read(sha256)
    if content is None:
        raise HTTPException(404, f"evidence {sha256} is not here (yet); ask again later.")
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{sha256}"'}
    return Response(content, media_type=content_type(content), headers=headers)
