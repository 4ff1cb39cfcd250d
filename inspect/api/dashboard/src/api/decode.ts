/** From the wire's JSON to the page's types; null where an answer makes no sense without a field. */

import type {
  BoxPx,
  Evidence,
  Finding,
  Inspection,
  Rate,
  Reason,
  ShiftCounts,
  StationAddress,
  StationSummary,
  View,
} from "./types";
import { count, fields, list, momentMs, number, oneOf, text, type Wire } from "./wire";

const VERDICTS = ["pass", "fail", "review"] as const;
const PURPOSES = ["production", "commissioning", "challenge", "golden", "replay"] as const;
const MODES = ["starting", "running", "degraded", "paused", "fault", "stopped", "offline"] as const;

/** An unknown verdict is a review, never a pass. `receivedAtMs` is of the page's steady clock. */
export function decodeInspection(value: unknown, receivedAtMs: number): Inspection | null {
  const wire = fields(value);
  const id = text(wire.id);
  const capturedAtMs = momentMs(wire.captured_at);
  if (id === null || capturedAtMs === null) return null;
  return {
    ...decodeAddress(wire),
    id,
    capturedAtMs,
    receivedAtMs,
    partId: text(wire.part_id),
    serial: text(fields(wire.context).serial),
    purpose: oneOf(wire.purpose, PURPOSES, "production"),
    verdict: oneOf(wire.verdict, VERDICTS, "review"),
    reasons: list(wire.reasons, decodeReason),
    score: number(wire.score),
    threshold: number(wire.threshold),
    findings: list(wire.findings, decodeFinding),
    picture: list(wire.evidence, decodeOwnPicture)[0] ?? null,
    views: list(wire.views, decodeView),
  };
}

export function decodeStation(value: unknown): StationSummary | null {
  const wire = fields(value);
  if (text(wire.station) === null) return null;
  return {
    ...decodeAddress(wire),
    mode: oneOf(wire.mode, MODES, "unknown"),
    reason: text(wire.reason),
    sinceMs: momentMs(wire.since),
  };
}

export function decodeCounts(value: unknown): ShiftCounts | null {
  const wire = fields(value);
  const startMs = momentMs(wire.start);
  if (startMs === null) return null;
  return {
    startMs,
    inspected: count(wire.inspected),
    passed: count(wire.passed),
    failed: count(wire.failed),
    review: count(wire.review),
    defectRate: decodeRate(wire.defect_rate),
    firstPassYield: decodeRate(wire.first_pass_yield),
  };
}

function decodeAddress(wire: Wire): StationAddress {
  return {
    site: text(wire.site) ?? "",
    line: text(wire.line) ?? "",
    station: text(wire.station) ?? "",
  };
}

function decodeReason(value: unknown): Reason | null {
  const wire = fields(value);
  const code = text(wire.code);
  return code === null ? null : { code, text: text(wire.text) ?? code };
}

function decodeFinding(value: unknown): Finding | null {
  const wire = fields(value);
  const [left, top, right, bottom] = list(wire.box_px, number);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
    return null;
  }
  const boxPx: BoxPx = [left, top, right, bottom];
  return { className: text(wire.class) ?? "anomaly", score: number(wire.score), boxPx };
}

/** A picture of the part itself, not of one that came before it. */
function decodeOwnPicture(value: unknown): Evidence | null {
  const wire = fields(value);
  if (text(wire.kind) === "before") return null;
  const sha256 = text(wire.sha256);
  const width = number(wire.width);
  const height = number(wire.height);
  return sha256 === null || !width || !height ? null : { sha256, width, height };
}

function decodeView(value: unknown): View | null {
  const wire = fields(value);
  const station = text(wire.station);
  if (station === null) return null;
  const inspection = text(wire.inspection);
  const verdict = inspection === null ? null : oneOf(wire.verdict, VERDICTS, "review");
  return { station, inspection, verdict };
}

function decodeRate(value: unknown): Rate | null {
  const wire = fields(value);
  const share = number(wire.value);
  const low = number(wire.low);
  const high = number(wire.high);
  return share === null || low === null || high === null ? null : { value: share, low, high };
}
