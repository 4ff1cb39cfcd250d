"""`edgeinspect trace` against a running server."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from processes import edgeinspect, refusal, running, settings_file, wait_for_port

from edgeinspect.core.identity import new_id
from edgeinspect.core.inspection import Evidence, Inspection
from edgeinspect.core.part import PartContext
from edgeinspect.records.batch import Batch
from edgeinspect.records.database import open_database
from edgeinspect.records.ingest import Ingest


@pytest.fixture
def config(
    tmp_path: Path, free_port: Callable[[], int], make_inspection: Callable[..., Inspection]
) -> Path:
    """The settings of a server whose records know one part."""
    context = PartContext(serial="A/7 漏", machine="lathe-3", material_lots=("bar-1", "bar-2"))
    with closing(open_database(f"sqlite:///{tmp_path / 'records.sqlite3'}")) as database:
        size = {"width": 1, "height": 1, "bytes": 1}
        own = Evidence(sha256="a" * 64, **size)
        before = Evidence(sha256="b" * 64, kind="before", inspection=new_id(), **size)
        marked = make_inspection(1, context=context, evidence=(own, before))
        unmarked = make_inspection(2, part_id="crack/photo 17.jpg")
        Ingest(database).record(Batch((marked, unmarked)))
    text = f'data = "{tmp_path}"\n[mqtt]\nport = {free_port()}\n[server]\nport = {free_port()}\n'
    return settings_file(tmp_path, text)


def test_a_part_is_traced_to_machine_and_material(config: Path) -> None:
    port = json.loads(edgeinspect("config", "show", "--json", "--config", config))["server"]["port"]
    with running("server", "--config", str(config)):
        wait_for_port(port)
        told = edgeinspect("trace", "A/7 漏", "--config", config)
        assert "lathe-3" in told
        assert "bar-1, bar-2" in told
        pictures = "".join(told.split())  # an address may be folded
        assert f"/evidence/{'a' * 64}justbeforehttp://" in pictures
        assert f"/evidence/{'b' * 64}id" in pictures
        part = json.loads(edgeinspect("trace", "A/7 漏", "--config", config, "--json"))
        assert part["serial"] == "A/7 漏"
        assert len(part["inspections"]) == 1
        assert "crack" in edgeinspect("trace", "crack/photo 17.jpg", "--config", config)
        assert "A/8" in refusal("trace", "A/8", "--config", config)


def test_without_a_server_it_says_how_to_start_one(config: Path) -> None:
    assert "edgeinspect up" in refusal("trace", "A/7", "--config", config)
