/** What the live page knows, and how each piece of news changes it. Pure. */

import {
  type Inspection,
  type Readiness,
  type ShiftCounts,
  type StationAddress,
  type StationSummary,
  sameStation,
} from "../../api/types";
import { takenAtMs, withSample } from "./clock";

/** Parts in the strip. */
export const STRIP_PARTS = 20;
/** Pictures remembered as arrived: far more than the strip can show. */
const ARRIVALS_KEPT = 200;

export type Connection =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly sinceSteadyMs: number };

export interface LiveState {
  readonly connection: Connection;
  /** Why the server records nothing at present; null while it does. */
  readonly trouble: string | null;
  /** Of the server's clock against the page's steady one, in its last answers; the newest first. */
  readonly clockSamplesMs: readonly number[];
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
  | { readonly kind: "connected" }
  | { readonly kind: "readiness"; readonly readiness: Readiness }
  | { readonly kind: "lost"; readonly sinceSteadyMs: number }
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
  trouble: null,
  clockSamplesMs: [],
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
      return { ...state, connection: { kind: "live" } };
    case "readiness":
      return withReadiness(state, news.readiness);
    case "lost":
      return { ...state, connection: { kind: "lost", sinceSteadyMs: news.sinceSteadyMs } };
    case "stations":
      return { ...state, stations: news.stations };
    case "station":
      return { ...state, stations: withStation(state.stations, news.station) };
    case "parts":
      return followed(state, news.station, news.parts);
    case "inspected":
      return { ...state, parts: newestFirst([news.part, ...state.parts], state.clockSamplesMs) };
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

function withReadiness(state: LiveState, { trouble, clockSampleMs }: Readiness): LiveState {
  return { ...state, trouble, clockSamplesMs: withSample(state.clockSamplesMs, clockSampleMs) };
}

/** How many of `parts`, the newest first, come before `part`; all where it is too old to be there. */
export function newerThan(part: Inspection | null, parts: readonly Inspection[]): number {
  if (part === null) return 0;
  const at = parts.findIndex(({ id }) => id === part.id);
  return at < 0 ? parts.length : at;
}

/** A count of newer parts in words; the page knows no more of them than the strip holds. */
export function howMany(newer: number): string {
  return newer < STRIP_PARTS ? `${newer}` : `${STRIP_PARTS}+`;
}

/** Another station's parts replace what is shown; the same station's fill its gaps. */
function followed(
  state: LiveState,
  station: StationAddress,
  parts: readonly Inspection[],
): LiveState {
  const same = state.station !== null && sameStation(state.station, station);
  const told = state.clockSamplesMs;
  if (same) return { ...state, station, parts: newestFirst([...parts, ...state.parts], told) };
  return { ...state, station, parts: newestFirst(parts, told), shift: null, pinned: null };
}

/** Each part once, by the time it was taken: a part that was delivered late is not the newest. */
function newestFirst(
  parts: readonly Inspection[],
  clockSamplesMs: readonly number[],
): readonly Inspection[] {
  const once = [...new Map(parts.map((part) => [part.id, part])).values()];
  const takenMs = (part: Inspection) => takenAtMs(part, clockSamplesMs);
  once.sort((a, b) => takenMs(b) - takenMs(a) || (a.id < b.id ? 1 : -1));
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
