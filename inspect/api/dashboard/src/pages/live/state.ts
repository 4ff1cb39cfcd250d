/** What the live page knows, and how each piece of news changes it. Pure. */

import {
  type Inspection,
  type ShiftCounts,
  type StationAddress,
  type StationSummary,
  sameStation,
} from "../../api/types";

/** Parts in the strip. */
export const STRIP_PARTS = 20;
/** Pictures remembered as arrived: far more than the strip can show. */
const ARRIVALS_KEPT = 200;

export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly sinceMs: number };

export interface LiveState {
  readonly connection: Connection;
  /** Milliseconds by which the server's clock is ahead of this one's. */
  readonly clockAheadMs: number;
  /** The station this page follows; null until one has reported. */
  readonly station: StationAddress | null;
  readonly stations: readonly StationSummary[];
  /** The newest first. */
  readonly parts: readonly Inspection[];
  readonly shift: ShiftCounts | null;
  /** Digests of the pictures the server said it has. */
  readonly arrived: readonly string[];
  readonly pinned: Inspection | null;
}

export type News =
  | { readonly kind: "connected"; readonly clockAheadMs: number }
  | { readonly kind: "lost"; readonly sinceMs: number }
  | { readonly kind: "stations"; readonly stations: readonly StationSummary[] }
  | { readonly kind: "station"; readonly station: StationSummary }
  | {
      readonly kind: "parts";
      readonly station: StationAddress;
      readonly parts: readonly Inspection[];
    }
  | { readonly kind: "inspected"; readonly part: Inspection }
  | { readonly kind: "shift"; readonly shift: ShiftCounts | null }
  | { readonly kind: "picture"; readonly sha256: string }
  | { readonly kind: "pin"; readonly part: Inspection }
  | { readonly kind: "unpin" };

export const NOTHING_YET: LiveState = {
  connection: { kind: "connecting" },
  clockAheadMs: 0,
  station: null,
  stations: [],
  parts: [],
  shift: null,
  arrived: [],
  pinned: null,
};

export function learn(state: LiveState, news: News): LiveState {
  switch (news.kind) {
    case "connected":
      return { ...state, connection: { kind: "live" }, clockAheadMs: news.clockAheadMs };
    case "lost":
      return { ...state, connection: { kind: "lost", sinceMs: news.sinceMs } };
    case "stations":
      return { ...state, stations: news.stations };
    case "station":
      return { ...state, stations: withStation(state.stations, news.station) };
    case "parts":
      return followed(state, news.station, news.parts);
    case "inspected":
      return { ...state, parts: newestFirst([news.part, ...state.parts]) };
    case "shift":
      return { ...state, shift: news.shift };
    case "picture":
      return { ...state, arrived: [news.sha256, ...state.arrived].slice(0, ARRIVALS_KEPT) };
    case "pin":
      return { ...state, pinned: news.part };
    case "unpin":
      return { ...state, pinned: null };
  }
}

/** Another station's parts replace what is shown; the same station's fill its gaps. */
function followed(
  state: LiveState,
  station: StationAddress,
  parts: readonly Inspection[],
): LiveState {
  const same = state.station !== null && sameStation(state.station, station);
  if (same) return { ...state, station, parts: newestFirst([...parts, ...state.parts]) };
  return { ...state, station, parts: newestFirst(parts), shift: null, pinned: null };
}

/** Each part once, by the time it was taken: a part that was delivered late is not the newest. */
function newestFirst(parts: readonly Inspection[]): readonly Inspection[] {
  const once = [...new Map(parts.map((part) => [part.id, part])).values()];
  once.sort((a, b) => b.capturedAtMs - a.capturedAtMs || (a.id < b.id ? 1 : -1));
  return once.slice(0, STRIP_PARTS);
}

function withStation(
  stations: readonly StationSummary[],
  changed: StationSummary,
): readonly StationSummary[] {
  const known = stations.some((station) => sameStation(station, changed));
  if (!known) return [...stations, changed];
  return stations.map((station) => (sameStation(station, changed) ? changed : station));
}
