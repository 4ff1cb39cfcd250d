/** Keeps the live page's state true to the server: connect, load, listen, and again. */

import { fetchNewest, fetchStations, LIVE_URL } from "../../api/client";
import { decodeInspection, decodeStation } from "../../api/decode";
import type { ServerEvent } from "../../api/sse";
import { openStream } from "../../api/stream";
import { type StationAddress, sameStation } from "../../api/types";
import { fields, text } from "../../api/wire";
import { keepCounts } from "./counts";
import { keepReadiness } from "./readiness";
import { type News, STRIP_PARTS } from "./state";

export type Tell = (news: News) => void;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/** Follow `chosen`, or the first station there is, until `signal` aborts. */
export async function follow(
  chosen: StationAddress | null,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  let heardMs = performance.now();
  let pauseMs = FIRST_PAUSE_MS;
  const heard = () => {
    heardMs = performance.now();
    pauseMs = FIRST_PAUSE_MS;
  };
  while (!signal.aborted) {
    await connectOnce(chosen, tell, heard, signal);
    if (signal.aborted) return;
    tell({ kind: "lost", sinceSteadyMs: heardMs });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

/** One connection, from its opening to its end. Whatever ends it, the page says so and tries again. */
async function connectOnce(
  chosen: StationAddress | null,
  tell: Tell,
  heard: () => void,
  signal: AbortSignal,
): Promise<void> {
  const ending = new AbortController();
  const within = AbortSignal.any([signal, ending.signal]);
  try {
    const events = await openStream(LIVE_URL, within);
    const counts = keepCounts(tell, ending);
    const turnTo = async (station: StationAddress) => {
      tell({ kind: "parts", station, parts: await fetchNewest(station, STRIP_PARTS, within) });
      await counts.of(station);
    };

    const stations = await fetchStations(within);
    tell({ kind: "stations", stations });
    let station = chosen ?? stations[0] ?? null;
    if (station !== null) await turnTo(station);
    await keepReadiness(tell, ending);
    tell({ kind: "connected" });

    for await (const event of events(heard)) {
      const news = newsOf(event);
      const isFirst = station === null;
      station ??= addressOf(news);
      // A first station's news, and what this page was too slow to be told, are read from the records.
      if (station !== null && (isFirst || event.name === "dropped")) await turnTo(station);
      if (news === null || isElsewhere(news, station)) continue;
      tell(news);
      if (news.kind === "inspected") counts.touch();
    }
  } catch {
    return;
  } finally {
    ending.abort();
  }
}

function newsOf({ name, data }: ServerEvent): News | null {
  const wire: unknown = JSON.parse(data);
  if (name === "inspection") {
    const part = decodeInspection(wire, performance.now());
    return part && { kind: "inspected", part };
  }
  if (name === "station") {
    const station = decodeStation(wire);
    return station && { kind: "station", station };
  }
  const sha256 = name === "evidence" ? text(fields(wire).sha256) : null;
  return sha256 === null ? null : { kind: "picture", sha256 };
}

function isElsewhere(news: News, station: StationAddress | null): boolean {
  return news.kind === "inspected" && (station === null || !sameStation(news.part, station));
}

function addressOf(news: News | null): StationAddress | null {
  if (news?.kind === "inspected") return news.part;
  return news?.kind === "station" ? news.station : null;
}
