"""How the built page is served."""

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from edgeinspect.api.pages import serve_pages


def ask(folder: Path, path: str) -> httpx.Response:
    app = FastAPI()
    serve_pages(app, folder)

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    return asyncio.run(answer())


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-1.js").write_text("", encoding="utf-8")
    (tmp_path / "index.html").write_text("<title>EdgeInspect</title>", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("path", "kept"), [("/", "no-cache"), ("/assets/index-1.js", "immutable")])
def test_an_upgrade_never_leaves_a_browser_with_half_a_page(
    built: Path, path: str, kept: str
) -> None:
    assert kept in ask(built, path).headers["cache-control"]


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    answer = ask(tmp_path, "/")
    assert answer.status_code == 503
    assert "make page" in answer.text
