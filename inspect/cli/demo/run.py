"""One demo from the first process to the summary."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from ...camera.folder import FolderCamera, playlist
from ...station.outbox import Counts, Outbox
from ..client import ServerClient
from ..supervisor import Child, Keeper, supervise
from ..terminal import err
from .stage import Stage
from .summary import Summary, summarise
from .watch import all_inspections, count_holes, watch_until


@dataclass(frozen=True, slots=True)
class Demo:
    """What to play on which stage; `parts` None plays for ever."""

    stage: Stage
    camera: FolderCamera
    parts: int | None
    ends: bool
    taught_s: float | None

    def run(self) -> Summary | None:
        """Play until stopped; with `ends`, until all parts are recorded, and sum up."""
        before = self._history()
        client = self._client()
        summaries: list[Summary] = []

        async def watch(keepers: dict[str, Keeper]) -> None:
            finished = keepers["station"].finished if self.ends else None
            await watch_until(finished, client)
            summaries.append(await asyncio.to_thread(self._sum_up, keepers["station"], before))

        err.print(f"the page: http://127.0.0.1:{self.stage.settings.server.port}")
        err.print(f"the data: {self.stage.settings.data}")
        err.print("Ctrl-C ends the demo")
        supervise(self._children(before[1].inspected), watch)
        return summaries[0] if summaries else None

    def _children(self, inspected_before: int) -> tuple[Child, ...]:
        config = ("--config", str(self.stage.config), "--supervised")
        total = self.parts and inspected_before + self.parts
        limit = () if total is None else ("--total-parts", str(total))
        return (
            Child("broker", ("broker", *config)),
            Child("server", ("server", *config)),
            Child("station", ("station", *config, *limit)),
        )

    def _client(self) -> ServerClient:
        server = self.stage.settings.server
        return ServerClient(server.host, server.port)

    def _history(self) -> tuple[set[UUID], Counts]:
        outbox = Outbox(self.stage.settings.outbox_path)
        try:
            return set(outbox.boots()), outbox.counts()
        finally:
            outbox.close()

    def _sum_up(self, station: Keeper, before: tuple[set[UUID], Counts]) -> Summary:
        boots, counts = self._history()
        old_boots, old = before
        client = self._client()
        assert station.started_at is not None
        return summarise(
            all_inspections(client, boots - old_boots),
            playlist(self.camera),
            self.camera.folder,
            Counts(
                counts.inspected - old.inspected,
                counts.published - old.published,
                counts.recorded - old.recorded,
            ),
            holes=count_holes(client, str(self.stage.settings.address)),
            started_at=station.started_at,
            taught_s=self.taught_s,
        )
