/** What the page knows of the API's answers; times are milliseconds since 1970, UTC. */

export type Verdict = "pass" | "fail" | "review";
export type Purpose = "production" | "commissioning" | "challenge" | "golden" | "replay";
export type StationMode =
  | "starting"
  | "running"
  | "degraded"
  | "paused"
  | "fault"
  | "stopped"
  | "offline"
  | "unknown";

/** Left, top, right, bottom in pixels of the frame. */
export type BoxPx = readonly [left: number, top: number, right: number, bottom: number];

export interface Finding {
  readonly className: string;
  readonly score: number | null;
  readonly boxPx: BoxPx;
}

export interface Reason {
  readonly code: string;
  readonly text: string;
}

export interface Evidence {
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** What another station said of the same part; nulls where it said nothing in time. */
export interface View {
  readonly station: string;
  readonly inspection: string | null;
  readonly verdict: Verdict | null;
}

export interface StationAddress {
  readonly site: string;
  readonly line: string;
  readonly station: string;
}

export interface Inspection extends StationAddress {
  readonly id: string;
  readonly capturedAtMs: number;
  /** When this page first had it, by the page's own steady clock. */
  readonly receivedAtMs: number;
  readonly partId: string | null;
  readonly serial: string | null;
  readonly purpose: Purpose;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly score: number | null;
  readonly threshold: number | null;
  readonly findings: readonly Finding[];
  readonly picture: Evidence | null;
  /** By whom the part was looked at, where this station joins what others say; else empty. */
  readonly views: readonly View[];
}

export interface StationSummary extends StationAddress {
  readonly mode: StationMode;
  readonly reason: string | null;
  readonly sinceMs: number | null;
}

/** A share between 0 and 1 with its 95 % interval. */
export interface Rate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ShiftCounts {
  readonly startMs: number;
  readonly inspected: number;
  readonly passed: number;
  readonly failed: number;
  readonly review: number;
  readonly defectRate: Rate | null;
  readonly firstPassYield: Rate | null;
}

/** Whether what the stations send is recorded, and by which clock the server answered. */
export interface Readiness {
  /** Why nothing is recorded at present; null while all is well. */
  readonly trouble: string | null;
  /** The server's time less that of the page's steady clock, less the answer's delay. */
  readonly clockSampleMs: number | null;
}

export const sameStation = (a: StationAddress, b: StationAddress): boolean =>
  a.site === b.site && a.line === b.line && a.station === b.station;
