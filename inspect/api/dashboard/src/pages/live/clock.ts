/** What time it is, and how old a part is. Pure. */

import type { Inspection } from "../../api/types";
import type { PageTime } from "../../format/useNow";

/** A minute of samples: so long a stale one cannot win, and a clock that was set is followed. */
const SAMPLES_KEPT = 12;
/** The Date header counts whole seconds and is renewed once a second: less than this is no difference. */
const COARSENESS_MS = 3_000;

export interface Now {
  /** The server's time, in milliseconds since 1970. */
  readonly serverMs: number;
  /** The page's steady clock, which nobody can set. */
  readonly steadyMs: number;
}

export function withSample(
  samplesMs: readonly number[],
  sampleMs: number | null,
): readonly number[] {
  return sampleMs === null ? samplesMs : [sampleMs, ...samplesMs].slice(0, SAMPLES_KEPT);
}

/**
 * The server's time. Delay only ever makes a sample smaller, as when a server that froze sends what
 * it stamped before, or when this machine slept; so the largest sample is the truest. Where the
 * page's own clock agrees with it, that one is finer.
 */
export function serverTimeMs({ wallMs, steadyMs }: PageTime, samplesMs: readonly number[]): number {
  const told = steadyMs + Math.max(...samplesMs);
  return Math.abs(told - wallMs) > COARSENESS_MS && samplesMs.length > 0 ? told : wallMs;
}

/** Never less than how long the page has had the part, whatever the clocks say. */
export function ageMs(part: Inspection, now: Now): number {
  return Math.max(now.serverMs - part.capturedAtMs, now.steadyMs - part.receivedAtMs);
}

/**
 * When a part was taken, by the server's clock, and never after the page had it: a station whose
 * clock was ahead once would stay the newest until that time has come.
 */
export function takenAtMs(part: Inspection, clockSamplesMs: readonly number[]): number {
  if (clockSamplesMs.length === 0) return part.capturedAtMs;
  const hadMs = part.receivedAtMs + Math.max(...clockSamplesMs) + COARSENESS_MS;
  return Math.min(part.capturedAtMs, hadMs);
}
