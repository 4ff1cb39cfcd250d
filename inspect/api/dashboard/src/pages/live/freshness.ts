/** How far what is on the screen can be believed to be now. Pure. */

import type { StationMode, StationSummary } from "../../api/types";
import { sameStation } from "../../api/types";
import { ageMs, type Now } from "./clock";
import { type LiveState, newerThan } from "./state";

/** From here on the page says how long no part has come. */
const WAITING_AFTER_MS = 30_000;
const STILL_MODES: readonly StationMode[] = ["paused", "fault", "stopped", "offline"];

export type Freshness =
  | { readonly kind: "live" | "connecting" | "nothingYet" | "notLive" }
  | { readonly kind: "pinned"; readonly newer: number }
  | { readonly kind: "waiting"; readonly forMs: number };

export function followedStation(state: LiveState): StationSummary | null {
  const { station } = state;
  if (station === null) return null;
  return state.stations.find((summary) => sameStation(summary, station)) ?? null;
}

export function freshnessOf(state: LiveState, now: Now): Freshness {
  const [newest] = state.parts;
  if (state.pinned !== null) return { kind: "pinned", newer: newerThan(state.pinned, state.parts) };
  if (state.connection.kind === "lost") return { kind: "notLive" };
  if (state.connection.kind === "connecting") return { kind: "connecting" };
  if (state.trouble !== null) return { kind: "notLive" };
  if (isStill(followedStation(state))) return { kind: "notLive" };
  if (newest === undefined) return { kind: "nothingYet" };
  const forMs = ageMs(newest, now);
  return forMs < WAITING_AFTER_MS ? { kind: "live" } : { kind: "waiting", forMs };
}

/** Whether the station is known to inspect nothing now. */
export function isStill(station: StationSummary | null): boolean {
  return station !== null && STILL_MODES.includes(station.mode);
}
