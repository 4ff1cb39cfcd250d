/** The questions the page asks of the server. */

import { decodeCounts, decodeInspection, decodeStation } from "./decode";
import type { Inspection, ShiftCounts, StationAddress, StationSummary } from "./types";
import { fields, list } from "./wire";

const BASE = "/api/v1";
const ANSWER_WITHIN_MS = 10_000;

export const LIVE_URL = `${BASE}/live`;
export const evidenceUrl = (sha256: string): string => `${BASE}/evidence/${sha256}`;

export async function fetchStations(signal: AbortSignal): Promise<StationSummary[]> {
  return list(fields(await ask("/stations", {}, signal)).items, decodeStation);
}

export async function fetchNewest(
  { site, line, station }: StationAddress,
  limit: number,
  signal: AbortSignal,
): Promise<Inspection[]> {
  const query = { site, line, station, limit: `${limit}` };
  return list(fields(await ask("/inspections", query, signal)).items, decodeInspection);
}

/** The shift that runs now by the server's clock; null where the answer makes no sense. */
export async function fetchShift(
  { site, line, station }: StationAddress,
  signal: AbortSignal,
): Promise<ShiftCounts | null> {
  const query = { site, line, station, bucket: "shift" };
  return list(fields(await ask("/rates", query, signal)).buckets, decodeCounts).at(-1) ?? null;
}

async function ask(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const response = await fetch(`${BASE}${path}?${new URLSearchParams(query)}`, {
    headers: { accept: "application/json" },
    signal: patience,
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
