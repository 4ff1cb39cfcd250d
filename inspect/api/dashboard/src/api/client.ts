/** The questions the page asks of the server. */

import { decodeCounts, decodeInspection, decodeStation } from "./decode";
import type { Inspection, Readiness, ShiftCounts, StationAddress, StationSummary } from "./types";
import { fields, list, momentMs, text } from "./wire";

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
  const { items } = fields(await ask("/inspections", query, signal));
  const receivedAtMs = performance.now();
  return list(items, (item) => decodeInspection(item, receivedAtMs));
}

/** The inspection of that id; null where the answer makes no sense. */
export async function fetchInspection(id: string, signal: AbortSignal): Promise<Inspection | null> {
  const { inspection } = fields(await ask(`/inspections/${id}`, {}, signal));
  return decodeInspection(inspection, performance.now());
}

/** The shift that runs now by the server's clock; null where the answer makes no sense. */
export async function fetchShift(
  { site, line, station }: StationAddress,
  signal: AbortSignal,
): Promise<ShiftCounts | null> {
  const query = { site, line, station, bucket: "shift" };
  return list(fields(await ask("/rates", query, signal)).buckets, decodeCounts).at(-1) ?? null;
}

/** Whether the server records what the stations send; also tells its clock. */
export async function fetchReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await get("/ready", {}, signal);
  const serverMs = momentMs(response.headers.get("date"));
  const clockSampleMs = serverMs === null ? null : serverMs - performance.now();
  if (response.ok) return { trouble: null, clockSampleMs };
  if (response.status !== 503) throw new Error(`/ready answered ${response.status}`);
  return { trouble: text(fields(await response.json()).detail) ?? "", clockSampleMs };
}

async function ask(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await get(path, query, signal);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function get(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${BASE}${path}?${new URLSearchParams(query)}`, {
    headers: { accept: "application/json" },
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });
}
