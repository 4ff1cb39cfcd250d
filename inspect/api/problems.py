"""Every error as a problem document (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from ..core.errors import RecordsError
from ..core.frozen import FrozenModel
from ..records.database import sentence
from ..records.settle import SettledError, UnknownAsideError
from .headers import SECURITY_HEADERS

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class Problem(FrozenModel):
    """What went wrong."""

    type: str = Field("about:blank", description="Kind of problem; its title says it all")
    title: str = Field(description="The HTTP status in words")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What is wrong, in a sentence")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Return the answer that says `detail`."""
    content = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(content.model_dump(), status, headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI description of the problems a route may answer with."""
    content = {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": content}
        for status in statuses
    }


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of `app` be answered with a problem."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnknownAsideError, _unknown)
    app.add_exception_handler(SettledError, _settled)
    app.add_exception_handler(RecordsError, _records)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(Exception, _unforeseen)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.detail == HTTPStatus(error.status_code).phrase:
        detail = f"{request.method} {request.url.path}: {detail.lower()}."
    return problem(error.status_code, detail, error.headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:])
    said = first["msg"].removeprefix("Value error, ")
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{name}: {said}.")


async def _records(_request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error))


async def _unknown(_request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.NOT_FOUND, str(error))


async def _settled(_request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.CONFLICT, str(error))


async def _database(_request: Request, error: Exception) -> JSONResponse:
    _log.error("the database cannot be used: %s", sentence(error))
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE, "the database cannot be used now; try again later."
    )


async def _unforeseen(request: Request, _error: Exception) -> JSONResponse:
    # Starlette answers this one outside of all middleware, which else adds the headers.
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"{request.method} {request.url.path} failed; the server's log says why.",
        SECURITY_HEADERS,
    )
