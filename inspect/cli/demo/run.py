"""One demo from the first process to the summary."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from ...camera.folder import FolderCamera
from ...core.errors import ServiceError
from ...station.history import read_history
from ...station.parcel import NOTHING, Counts
from ..client import ServerClient
from ..supervisor import Child, Keeper, supervise
from ..terminal import err
from .stage import Stage
from .summary import Summary, summarise
from .watch import all_inspections, count_holes, port_taken, watch_until

TRIES = 5


class _PortTakenError(Exception):
    """Another program has the port of a service."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


@dataclass(frozen=True, slots=True)
class Demo:
    """What to play on which stage; `parts` None plays for ever.

    `images` is one round in the order it is played, looked up once: the folder may change.
    `page_asked` is the port that was asked for, which is not changed.
    """

    stage: Stage
    camera: FolderCamera
    images: tuple[Path, ...]
    parts: int | None
    ends: bool
    taught_s: float | None
    page_asked: int | None = None

    def run(self) -> Summary | None:
        """Play until stopped; with `ends`, until all parts are recorded, and sum up.

        A port that was free when it was chosen may be taken before it is used: then with another.
        Raises ServiceError when that is the one that was asked for, or happens again and again.
        """
        before, line = read_history(self.stage.settings), self
        for _ in range(TRIES):
            try:
                return line._play(before)
            except _PortTakenError as taken:
                line = replace(self, stage=line._stage_without(taken.service))
        raise ServiceError("each port is taken before it can be used; try again later.")

    def _stage_without(self, service: str) -> Stage:
        """Return a stage on which the port that another program took is not needed."""
        port = self.stage.ports[service]
        if service == "server" and port == self.page_asked:
            raise ServiceError(f"port {port} is in use by now; choose another with --port.")
        err.print(f"port {port} was taken by another program meanwhile; trying another")
        return self.stage.moved(service)

    def _play(self, before: Mapping[UUID, Counts]) -> Summary | None:
        client = self._client()
        summaries: list[Summary] = []

        async def watch(keepers: dict[str, Keeper]) -> None:
            finished = keepers["station"].finished if self.ends else None
            taken = asyncio.ensure_future(port_taken(keepers, self.stage.ports))
            watching = asyncio.ensure_future(watch_until(finished, client))
            try:
                await asyncio.wait((taken, watching), return_when=asyncio.FIRST_COMPLETED)
                if not watching.done():
                    raise _PortTakenError(taken.result())
                watching.result()
            finally:
                taken.cancel()
                watching.cancel()
            summaries.append(await asyncio.to_thread(self._sum_up, keepers["station"], before))

        err.print(f"the page: http://127.0.0.1:{self.stage.settings.server.port}")
        err.print(f"the data: {self.stage.settings.data}")
        err.print("Ctrl-C ends the demo")
        supervise(self._children(before), watch)
        return summaries[0] if summaries else None

    def _children(self, before: Mapping[UUID, Counts]) -> tuple[Child, ...]:
        config = ("--config", str(self.stage.config))
        limit: tuple[str, ...] = ()
        if self.parts is not None:
            total = self.parts + sum(counts.inspected for counts in before.values())
            limit = ("--total-parts", str(total))
        return (
            Child("broker", ("broker", *config)),
            Child("server", ("server", *config)),
            Child("station", ("station", *config, *limit)),
        )

    def _client(self) -> ServerClient:
        server = self.stage.settings.server
        return ServerClient(server.host, server.port)

    def _sum_up(self, station: Keeper, before: Mapping[UUID, Counts]) -> Summary:
        after = read_history(self.stage.settings)
        boots = after.keys() - before.keys()
        client = self._client()
        assert station.started_at is not None
        return summarise(
            all_inspections(client, set(boots)),
            self.images,
            self.camera.folder,
            sum((after[boot] for boot in boots), NOTHING),
            holes=count_holes(client, str(self.stage.settings.address)),
            started_at=station.started_at,
            taught_s=self.taught_s,
        )
