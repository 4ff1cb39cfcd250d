"""The dashboard, as it was built."""

import os
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"


class _Pages(StaticFiles):
    """Assets carry a digest in their names and never change; a browser asks anew for the rest.

    Else it might keep, over an upgrade, a page that names assets which are gone.
    """

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with one file."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        is_asset = Path(full_path).parent.name == "assets"
        kept = "private, max-age=31536000, immutable" if is_asset else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


def serve_pages(app: FastAPI, folder: Path = STATIC) -> None:
    """Serve the built pages at `/`, or say there how they are built."""
    if (folder / "index.html").is_file():
        app.mount("/", _Pages(directory=folder, html=True))
        return

    @app.get("/", include_in_schema=False)
    def not_built() -> PlainTextResponse:
        return PlainTextResponse("The page is not built yet; run `make page`.\n", 503)
