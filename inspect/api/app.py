"""The web application: API v1 and the pages, over given services."""

from pathlib import Path

from fastapi import FastAPI

from ..core.version import VERSION
from .pages import STATIC, serve_pages
from .problems import answer_with_problems, documented
from .routes import (
    audit,
    broker,
    evidence,
    health,
    inspections,
    live,
    quarantine,
    stations,
    statistics,
)
from .security import OwnHostsOnly, OwnPagesOnly, SecurityHeaders
from .services import Services

BASE = "/api/v1"
ROUTES = (
    *(health, inspections, evidence, live, statistics, stations),
    *(audit, quarantine, broker),
)


def create_app(services: Services, static: Path = STATIC) -> FastAPI:
    """Return the application; it keeps nothing but what `services` hold."""
    app = FastAPI(
        title="EdgeInspect",
        version=VERSION,
        summary="What was inspected, what was found, and what became of it.",
        openapi_url=f"{BASE}/openapi.json",
        docs_url=None,  # its pages load their scripts from elsewhere
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.services = services
    for route in ROUTES:
        app.include_router(route.router, prefix=BASE, responses=documented(400, 500, 503))
    serve_pages(app, static)
    answer_with_problems(app)
    app.add_middleware(OwnPagesOnly)
    app.add_middleware(OwnHostsOnly)
    app.add_middleware(SecurityHeaders)
    return app
