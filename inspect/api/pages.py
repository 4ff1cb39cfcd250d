"""The dashboard, as it was built."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


def serve_pages(app: FastAPI, folder: Path = STATIC) -> None:
    """Serve the built pages at `/`, or say there how they are built."""
    if (folder / "index.html").is_file():
        app.mount("/", StaticFiles(directory=folder, html=True))
        return

    @app.get("/", include_in_schema=False)
    def not_built() -> PlainTextResponse:
        return PlainTextResponse("The page is not built yet; run `make page`.\n", 503)
