/** When a part's picture is worth asking for. Pure. */

import type { Inspection } from "../../api/types";
import { ageMs, type Now } from "./clock";
import type { LiveState } from "./state";

/** A picture travels apart from its row; one older than this is asked for without being announced. */
const ON_ITS_WAY_MS = 2_000;

/**
 * A token that changes when it is worth asking for the picture again, or null while it is still
 * expected to be announced.
 */
export function pictureAttempt(state: LiveState, part: Inspection, now: Now): string | null {
  if (part.picture === null) return null;
  const announced = state.arrived.includes(part.picture.sha256);
  if (!announced && ageMs(part, now) < ON_ITS_WAY_MS) return null;
  return `${announced ? "announced" : "old"}, ${state.connection.kind}`;
}
