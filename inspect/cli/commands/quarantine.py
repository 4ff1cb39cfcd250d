"""`edgeinspect records quarantine`, `retry` and `dismiss`: what could not be recorded."""

from getpass import getuser
from typing import Annotated, Any

import typer

from ...core.counted import counted
from ...core.errors import RecordsError
from ...messaging.topics import ROOT
from ..client import ServerClient
from ..options import Config, Data, Json, settings_of
from ..terminal import out, plain, print_json

PAGE = 200

Ids = Annotated[list[int] | None, typer.Argument(help="Ids of messages, as `quarantine` lists")]
All = Annotated[bool, typer.Option("--all", help="All that wait")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; else the user signed in here")]
Port = Annotated[int | None, typer.Option("--port", help="Port of the server")]


def quarantine(
    settled: Annotated[bool, typer.Option("--settled", help="Those settled, too")] = False,
    config: Config = None,
    data: Data = None,
    port: Port = None,
    as_json: Json = False,
) -> None:
    """List messages that could not be recorded, with the reason of each; the newest first."""
    client = _client(config, data, port)
    asides, holding = _asides(client, "all" if settled else "waiting")
    if as_json:
        print_json({"items": asides, "next_before": None} | holding)
        return
    for aside in asides:
        for line in _lines(aside):
            out.print(line, markup=False)
    if not asides:
        out.print("nothing waits in the quarantine")
    if holding["unkept"]:
        out.print(f"{holding['unkept']} more found no room and were only counted")


def retry(
    ids: Ids = None,
    everything: All = False,
    by: By = None,
    config: Config = None,
    data: Data = None,
    port: Port = None,
) -> None:
    """Try to record messages again, after an update or a mend; what cannot be recorded waits on."""
    client = _client(config, data, port)
    waiting = 0
    for aside_id in _chosen(client, ids, everything):
        aside = client.post(f"/quarantine/{aside_id}/retry", {"by": by or getuser()})
        said = "recorded" if aside["outcome"] == "recorded" else f"waits: {aside['reason']}"
        waiting += aside["outcome"] != "recorded"
        out.print(plain(f"{aside_id} {said}"), markup=False)
    if waiting:
        raise RecordsError(f"{waiting} message(s) cannot be recorded yet; each says why.")


def dismiss(
    ids: Ids = None,
    everything: All = False,
    by: By = None,
    note: Annotated[str | None, typer.Option("--note", help="Why")] = None,
    config: Config = None,
    data: Data = None,
    port: Port = None,
) -> None:
    """Give messages up: their content is removed; what they were, who did it and why stays."""
    client = _client(config, data, port)
    asked = {"by": by or getuser()} | ({"note": note} if note else {})
    for aside_id in _chosen(client, ids, everything):
        client.post(f"/quarantine/{aside_id}/dismiss", asked)
        out.print(f"{aside_id} dismissed")


def _client(config: Any, data: Any, port: int | None) -> ServerClient:
    server = settings_of(config, data).server
    return ServerClient(server.host, port or server.port)


def _asides(client: ServerClient, outcome: str) -> tuple[list[Any], dict[str, Any]]:
    """Return every message of an outcome, and how full the quarantine is."""
    asides: list[Any] = []
    more: dict[str, int] = {}
    while True:
        page = client.get("/quarantine", outcome=outcome, limit=PAGE, **more)
        asides += page.pop("items")
        before = page.pop("next_before")
        if before is None:
            return asides, page
        more = {"before": before}


def _chosen(client: ServerClient, ids: list[int] | None, everything: bool) -> list[int]:
    if bool(ids) == everything:
        raise RecordsError("no message is named; name ids, or say --all.")
    return ids or [aside["id"] for aside in _asides(client, "waiting")[0]]


def _lines(aside: dict[str, Any]) -> tuple[str, str]:
    """Return a line on a message, and one with its reason, whole however long it is."""
    settled = f" by {aside['settled_by']}" if aside["settled_by"] else ""
    what = (
        f"{aside['id']:>6}  {aside['received_at'][:19]}Z  {_source(aside['topic'])}  "
        f"{counted(aside['size_bytes'], 'byte')}  {aside['outcome']}{settled}"
    )
    return plain(what), plain(f"        {aside['reason']}")


def _source(topic: str) -> str:
    """Return station and channel of a topic; all of one that is not ours."""
    return "/".join(topic.removeprefix(f"{ROOT}/").split("/")[:4])
