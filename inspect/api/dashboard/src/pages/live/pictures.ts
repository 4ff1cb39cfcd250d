/** When a part's picture is worth asking for. Pure. */

import type { Inspection } from "../../api/types";
import type { LiveState } from "./state";

/** A picture travels apart from its row; one older than this is asked for without being announced. */
const ON_ITS_WAY_MS = 2_000;

/**
 * A token that changes when it is worth asking for the picture again, or null while it is still
 * expected to be announced. `nowMs` is the server's time.
 */
export function pictureAttempt(state: LiveState, part: Inspection, nowMs: number): string | null {
  if (part.picture === null) return null;
  const announced = state.arrived.includes(part.picture.sha256);
  if (!announced && nowMs - part.capturedAtMs < ON_ITS_WAY_MS) return null;
  return `${announced ? "announced" : "old"}, ${state.connection.kind}`;
}
