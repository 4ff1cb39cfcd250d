"""The audit log and holds through the API, over real records."""

from collections.abc import Callable

import httpx
import pytest

from edgeinspect.api.services import Services
from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Inspection
from edgeinspect.records.audit.chain import append
from edgeinspect.records.audit.entry import Kind
from edgeinspect.records.batch import Batch
from edgeinspect.records.ingest import Ingest

LOG = "/api/v1/audit"


@pytest.fixture
def part(services: Services, make_inspection: Callable[..., Inspection]) -> Inspection:
    made = make_inspection()
    Ingest(services.database).record(Batch((made,)))
    return made


def test_the_log_is_listed_newest_first_and_narrowed(api: httpx.Client, services: Services) -> None:
    with services.database.write() as connection:
        for number in range(5):
            kind = Kind.RECIPE if number % 2 else Kind.USER
            append(connection, kind, f"thing {number}", {"n": number}, who="li")
    items = api.get(LOG, params={"limit": 2}).json()["items"]
    assert [item["number"] for item in items] == [5, 4]
    assert items[0]["previous"] == items[1]["sha256"]
    assert (items[0]["about"], items[0]["detail"], items[0]["who"]) == ("thing 4", {"n": 4}, "li")
    rest = api.get(LOG, params={"before": 4}).json()["items"]
    assert [item["number"] for item in rest] == [3, 2, 1]
    recipes = api.get(LOG, params={"what": "recipe", "until": items[0]["at"]}).json()["items"]
    assert [item["number"] for item in recipes] == [4, 2]
    assert api.get(LOG, params={"about": "thing 1"}).json()["items"] == [recipes[1]]
    assert api.get(LOG, params={"since": "2200-01-01T00:00:00Z"}).json()["items"] == []
    assert api.get(LOG, params={"what": "nonsense"}).status_code == 422
    head = api.get(f"{LOG}/head").json()
    assert (head["number"], head["sha256"]) == (5, items[0]["sha256"])


def test_a_hold_is_set_listed_and_lifted(api: httpx.Client, part: Inspection) -> None:
    path = f"/api/v1/inspections/{part.id}/hold"
    assert api.delete(path).status_code == 404
    held = api.put(path, json={"reason": "complaint 17", "who": "li"})
    assert held.status_code == 200, held.text
    assert held.json()["who"] == "api: li"
    assert api.get("/api/v1/holds").json()["items"] == [held.json()]
    lifted = api.delete(path, params={"who": "wang"})
    assert (lifted.status_code, lifted.json()) == (200, held.json())
    assert api.get("/api/v1/holds").json()["items"] == []
    log = api.get(LOG, params={"about": str(part.id)}).json()["items"]
    assert [(item["what"], item["who"]) for item in log] == [
        ("hold_lifted", "api: wang"),
        ("hold_set", "api: li"),
    ]


def test_what_cannot_be_held_is_refused(api: httpx.Client, part: Inspection) -> None:
    unknown = api.put(f"/api/v1/inspections/{new_id()}/hold", json={"reason": "x"})
    assert unknown.status_code == 404
    wordless = api.put(f"/api/v1/inspections/{part.id}/hold", json={"reason": ""})
    assert wordless.status_code == 422
    plain = {"content": '{"reason":"x"}', "headers": {"Content-Type": "text/plain"}}
    foreign = api.put(f"/api/v1/inspections/{part.id}/hold", **plain)  # type: ignore[arg-type]
    assert foreign.status_code == 422
