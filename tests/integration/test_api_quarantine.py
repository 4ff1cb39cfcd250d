"""The quarantine over the API and by command, on a running server."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from processes import edgeinspect, refusal, running, settings_file, wait_for_port

from edgeinspect.api.services import Services
from edgeinspect.records.batch import Batch, Refused
from edgeinspect.records.database import Database, open_database
from edgeinspect.records.ingest import Ingest

TOPIC = "edgeinspect/v1/site/line-1/station-1/inspection"
HOSTILE = b"<script>alert(1)</script>\x1b[2J\xff\x00" + b"x" * 500


def set_aside(database: Database, *payloads: bytes) -> None:
    refused = tuple(Refused(TOPIC, payload, "of a test [b]") for payload in payloads)
    Ingest(database).record(Batch(refused=refused))


def test_it_is_listed_with_a_harmless_preview(api: httpx.Client, services: Services) -> None:
    set_aside(services.database, HOSTILE)
    document = api.get("/api/v1/quarantine").json()
    (aside,) = document.pop("items")
    assert aside["preview"] == ("<script>alert(1)</script>.[2J�." + "x" * 500)[:200]
    assert (aside["topic"], aside["reason"]) == (TOPIC, "of a test [b]")
    assert (aside["size_bytes"], aside["outcome"]) == (len(HOSTILE), "waiting")
    assert document == {
        "next_before": None,
        "waiting": 1,
        "recorded": 0,
        "dismissed": 0,
        "held_bytes": len(HOSTILE) + 500,
        "limit_bytes": 256_000_000,
        "unkept": 0,
    }
    saved = api.get(f"/api/v1/quarantine/{aside['id']}/payload")
    assert saved.content == HOSTILE
    assert saved.headers["content-type"] == "application/octet-stream"
    assert saved.headers["content-disposition"].startswith("attachment")


def test_it_is_paged(api: httpx.Client, services: Services) -> None:
    set_aside(services.database, *(b"message %d" % number for number in range(5)))
    seen, query = [], {"limit": "2"}
    while True:
        page = api.get("/api/v1/quarantine", params=query).json()
        seen += [aside["preview"] for aside in page["items"]]
        if page["next_before"] is None:
            break
        query["before"] = str(page["next_before"])
    assert seen == [f"message {number}" for number in (4, 3, 2, 1, 0)]


def test_it_is_retried_and_dismissed_by_name(api: httpx.Client, services: Services) -> None:
    set_aside(services.database, b"not a part")
    (aside,) = api.get("/api/v1/quarantine").json()["items"]
    base = f"/api/v1/quarantine/{aside['id']}"
    retried = api.post(f"{base}/retry", json={"by": "李娜"}).json()
    assert (retried["outcome"], retried["tries"]) == ("waiting", 1)
    assert retried["reason"].startswith("it is no JSON")
    for nameless in ({}, {"by": " "}, {"by": "x" * 101}):
        assert api.post(f"{base}/dismiss", json=nameless).status_code == 422
    gone = api.post(f"{base}/dismiss", json={"by": "李娜", "note": "a test"}).json()
    assert (gone["outcome"], gone["settled_by"], gone["note"]) == ("dismissed", "李娜", "a test")
    again = api.post(f"{base}/dismiss", json={"by": "王伟"})
    assert again.status_code == 409 and "was dismissed by 李娜" in again.json()["detail"]
    assert api.post("/api/v1/quarantine/999/retry", json={"by": "x"}).status_code == 404
    assert api.get("/api/v1/quarantine").json()["items"] == []
    everything = api.get("/api/v1/quarantine", params={"outcome": "all"}).json()["items"]
    assert [each["outcome"] for each in everything] == ["dismissed"]


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://elsewhere.example", 403),
        ("null", 403),
        ("http://[", 403),
        ("http://127.0.0.1:8420", 200),
        ("http://[::1]:8420", 200),
        (None, 200),
    ],
)
def test_a_foreign_page_changes_nothing(
    api: httpx.Client, services: Services, origin: str | None, status: int
) -> None:
    set_aside(services.database, b"not a part")
    (aside,) = api.get("/api/v1/quarantine").json()["items"]
    headers = {} if origin is None else {"Origin": origin}
    path = f"/api/v1/quarantine/{aside['id']}/dismiss"
    assert api.post(path, json={"by": "x"}, headers=headers).status_code == status


def test_it_is_settled_by_command(tmp_path: Path, free_port: Callable[[], int]) -> None:
    port = free_port()
    with closing(open_database(tmp_path / "records.sqlite3")) as database:
        set_aside(database, b"first", b"second", HOSTILE)
    text = f'data = "{tmp_path}"\n[mqtt]\nport = {free_port()}\n[server]\nport = {port}\n'
    config = settings_file(tmp_path, text)
    with running("server", "--config", str(config)):
        wait_for_port(port)
        told = edgeinspect("records", "quarantine", "--config", config)
        assert "of a test [b]" in told and "\x1b" not in told
        listed = json.loads(edgeinspect("records", "quarantine", "--config", config, "--json"))
        newest, *_ = (aside["id"] for aside in listed["items"])
        assert listed["waiting"] == 3
        edgeinspect("records", "dismiss", newest, "--by", "Li Na", "--config", config)
        sentence = refusal("records", "retry", "--all", "--by", "Li Na", "--config", config)
        assert "2 message(s) cannot be recorded yet" in sentence
        assert "name ids, or say --all" in refusal("records", "dismiss", "--config", config)
        settled = edgeinspect("records", "quarantine", "--settled", "--config", config)
        assert "dismissed" in settled and "waiting" in settled
