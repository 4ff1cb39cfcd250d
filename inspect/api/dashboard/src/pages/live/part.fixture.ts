import type { Inspection } from "../../api/types";

/** A good part taken `secondsIn` seconds after the start of 1970, with changes. */
export function part(secondsIn: number, changes: Partial<Inspection> = {}): Inspection {
  return {
    id: `id-${String(secondsIn).padStart(6, "0")}`,
    site: "site",
    line: "line-1",
    station: "station-1",
    capturedAtMs: secondsIn * 1000,
    receivedAtMs: 0,
    partId: `part ${secondsIn}`,
    serial: null,
    purpose: "production",
    verdict: "pass",
    reasons: [],
    score: 0.5,
    threshold: 1,
    findings: [],
    picture: { sha256: `sha-${secondsIn}`, width: 640, height: 480 },
    views: [],
    ...changes,
  };
}
