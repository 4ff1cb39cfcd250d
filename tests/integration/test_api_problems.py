"""Whatever is wrong, the API answers with a problem document, and says it in a sentence."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi.openapi.models import OpenAPI
from sqlalchemy import text
from web import served

from edgeinspect.api.app import create_app
from edgeinspect.api.problems import MEDIA_TYPE
from edgeinspect.api.services import Services


def assert_problem(answer: httpx.Response, status: int, detail: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    document = answer.json()
    assert set(document) == {"type", "title", "status", "detail"}
    assert document["status"] == status
    assert detail in document["detail"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/api/v1/nothing", 404, "GET /api/v1/nothing: not found."),
        (f"/api/v1/inspections/{uuid4()}", 404, "is not recorded"),
        ("/api/v1/inspections/seven", 422, "inspection_id: "),
        ("/api/v1/inspections?limit=501", 422, "limit: "),
        ("/api/v1/inspections?since=2026-03-01T12:00:00", 422, "since: "),
        ("/api/v1/inspections?verdict=good", 422, "verdict: "),
        ("/api/v1/inspections?cursor=abc", 422, "cursor: "),
        ("/api/v1/inspections?cursor=MjAyNi0wMy0wMVQxMjowMDowMCA", 422, "cursor: "),
        ("/api/v1/inspections?station=..%2F..", 422, "station: "),
        ("/api/v1/parts/unknown", 404, "part unknown was never seen"),
        ("/api/v1/evidence/" + "0" * 64, 404, "is not here"),
        ("/api/v1/evidence/..%2f..%2fpasswd", 404, "not found"),
        ("/api/v1/evidence/" + "G" * 64, 422, "sha256: "),
        ("/api/v1/rates?bucket=century", 422, "bucket: "),
        ("/api/v1/rates?bucket=minute&since=2020-01-01T00:00:00Z", 422, "more than 2000"),
        ("/api/v1/rates?since=2199-01-01T00:00:00Z", 422, "lies not before until"),
        ("/api/v1/stations/a/b/c/boots", 404, "station a/b/c never reported"),
    ],
)
def test_a_wrong_question_is_answered_with_a_problem(
    api: httpx.Client, path: str, status: int, detail: str
) -> None:
    assert_problem(api.get(path), status, detail)


@pytest.mark.parametrize("path", ["/inspections", "/pareto", "/rates", "/rates?bucket=shift"])
@pytest.mark.parametrize("key", ["since", "until"])
@pytest.mark.parametrize(
    ("moment", "detail"),
    [
        ("0001-01-01T00:00:00+14:00", "it lies outside the years 1970 to 2200."),
        ("0001-01-01T00:00:00Z", "it lies outside the years 1970 to 2200."),
        ("1970-01-01T00:00:00+00:01", "it lies outside the years 1970 to 2200."),
        ("9999-12-31T23:59:59-14:00", "it lies outside the years 1970 to 2200."),
        ("0.5", "it is no ISO 8601 time such as 2026-03-01T12:00:00Z."),
        ("-99999999999", "it is no ISO 8601 time such as 2026-03-01T12:00:00Z."),
        ("2026-03-01T12:00:00", "Input should have timezone info."),
    ],
)
def test_a_time_out_of_reach_is_a_problem(
    api: httpx.Client, path: str, key: str, moment: str, detail: str
) -> None:
    answer = api.get(f"/api/v1{path}", params=httpx.URL(path).params.set(key, moment))
    assert_problem(answer, 422, f"{key}: {detail}")


@pytest.mark.parametrize("bucket", ["minute", "hour", "shift", "day"])
@pytest.mark.parametrize("until", ["1970-01-01T00:00:00Z", "2200-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_are_answered(
    api: httpx.Client, bucket: str, until: str
) -> None:
    query = {"until": until, "bucket": bucket}
    assert api.get("/api/v1/rates", params=query).status_code == 200
    assert api.get("/api/v1/pareto", params={"until": until}).status_code == 200
    assert api.get("/api/v1/inspections", params={"until": until}).status_code == 200


def test_a_forged_cursor_is_a_problem(api: httpx.Client) -> None:
    plain = f"9999-12-31T23:59:59-14:00 {uuid4()}".encode()
    cursor = urlsafe_b64encode(plain).decode()
    answer = api.get("/api/v1/inspections", params={"cursor": cursor})
    assert_problem(answer, 422, "cursor: the cursor is not one that this API gave.")


def test_a_wrong_method_is_a_problem(api: httpx.Client) -> None:
    answer = api.delete("/api/v1/inspections")
    assert_problem(answer, 405, "DELETE /api/v1/inspections: method not allowed.")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8420", "", "localhost."])
def test_a_foreign_name_is_refused(api: httpx.Client, host: str) -> None:
    answer = api.get("/api/v1/health", headers={"host": host})
    assert_problem(answer, 400, "not known by that name")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8420", "[::1]:8420", "[::1]"])
def test_own_names_are_answered(api: httpx.Client, host: str) -> None:
    assert api.get("/api/v1/health", headers={"host": host}).status_code == 200


def test_every_answer_forbids_what_is_not_needed(api: httpx.Client) -> None:
    for path in ("/", "/api/v1/health", "/api/v1/nothing"):
        headers = api.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_without_pages_the_root_says_how_to_build_them(api: httpx.Client) -> None:
    answer = api.get("/")
    assert (answer.status_code, answer.text) == (
        503,
        "The page is not built yet; run `make page`.\n",
    )


def test_built_pages_are_served(services: Services, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "assets").mkdir(parents=True)
    (pages / "index.html").write_text("<!doctype html><title>page</title>", encoding="utf-8")
    (pages / "assets" / "a.js").write_text("1", encoding="utf-8")
    with served(create_app(services, pages), services.live) as client:
        assert client.get("/").text == "<!doctype html><title>page</title>"
        assert "javascript" in client.get("/assets/a.js").headers["content-type"]
        assert_problem(client.get("/assets/b.js"), 404, "not found")
        assert client.get("/api/v1/health").json()["status"] == "ok"


def test_a_lost_broker_is_said(services: Services, tmp_path: Path) -> None:
    deaf = replace(services, broker_trouble=lambda: "broker box:8883: user one is unknown.")
    with served(create_app(deaf, tmp_path), deaf.live) as client:
        assert_problem(client.get("/api/v1/ready"), 503, "broker box:8883: user one")


def test_recording_that_does_not_move_is_said(services: Services, tmp_path: Path) -> None:
    stuck = replace(services, recording_trouble=lambda: "disk I/O error")
    with served(create_app(stuck, tmp_path), stuck.live) as client:
        detail = "nothing is lost, but not recorded yet: disk I/O error."
        assert_problem(client.get("/api/v1/ready"), 503, detail)


def test_a_lost_database_is_said(api: httpx.Client, services: Services) -> None:
    with services.database.write() as connection:
        connection.execute(text("DROP TABLE findings"))
        connection.execute(text("DROP TABLE inspections"))
    assert_problem(api.get("/api/v1/inspections"), 503, "the database cannot be used now")


def test_a_fault_of_ours_shows_no_traceback(services: Services, tmp_path: Path) -> None:
    app = create_app(services, tmp_path)

    @app.get("/fault")
    def fault() -> None:
        raise RuntimeError("secret of the house")

    with served(app, services.live) as client:
        answer = client.get("/fault")
    assert_problem(answer, 500, "GET /fault failed")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_every_route_is_documented(api: httpx.Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    OpenAPI.model_validate(document)
    routes = ((path, route) for path, item in document["paths"].items() for route in item.values())
    for path, route in routes:
        assert path.startswith("/api/v1/")
        assert route["summary"] and route["description"], path
        answers = route["responses"]
        assert {"200", "400", "500", "503"} <= set(answers), path
        assert ("422" in answers) == ("parameters" in route), path
        for status in set(answers) - {"200"}:
            assert list(answers[status]["content"]) == [MEDIA_TYPE], f"{path} {status}"


def test_every_document_has_a_model(api: httpx.Client) -> None:
    document = api.get("/api/v1/openapi.json").json()
    plain = {"image/jpeg", "image/png", "text/event-stream", "application/octet-stream"}
    routes = ((path, route) for path, item in document["paths"].items() for route in item.values())
    for path, route in routes:
        content = route["responses"]["200"]["content"]
        assert set(content) <= plain or list(content) == ["application/json"], path
        if "application/json" in content:
            name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert document["components"]["schemas"][name]["properties"], path


def test_the_description_is_served_and_fetches_nothing(api: httpx.Client) -> None:
    assert api.get("/api/v1/openapi.json").json()["info"]["title"] == "EdgeInspect"
    assert api.get("/docs").status_code == 404
    assert api.get("/redoc").status_code == 404
