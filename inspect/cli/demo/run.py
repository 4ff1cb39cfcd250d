"""One demo from the first process to the summary."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ...camera.folder import FolderCamera
from ...station.history import read_history
from ...station.outbox import NOTHING, Counts
from ..client import ServerClient
from ..supervisor import Child, Keeper, supervise
from ..terminal import err
from .stage import Stage
from .summary import Summary, summarise
from .watch import all_inspections, count_holes, watch_until


@dataclass(frozen=True, slots=True)
class Demo:
    """What to play on which stage; `parts` None plays for ever.

    `images` is one round in the order it is played, looked up once: the folder may change.
    """

    stage: Stage
    camera: FolderCamera
    images: tuple[Path, ...]
    parts: int | None
    ends: bool
    taught_s: float | None

    def run(self) -> Summary | None:
        """Play until stopped; with `ends`, until all parts are recorded, and sum up."""
        before = read_history(self.stage.settings)
        client = self._client()
        summaries: list[Summary] = []

        async def watch(keepers: dict[str, Keeper]) -> None:
            finished = keepers["station"].finished if self.ends else None
            await watch_until(finished, client)
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
