/** Keeps the counts of the shift fresh; the server counts, the page never adds up by itself. */

import { fetchShift } from "../../api/client";
import type { StationAddress } from "../../api/types";
import type { News } from "./state";

/** Counts are asked for this long after a part, so that a fast line asks once a second. */
const AFTER_A_PART_MS = 1_000;
/** And at least this often, so that a new shift begins on a quiet line too. */
const AT_LEAST_EVERY_MS = 60_000;

interface Counts {
  /** Turn to a station and load its counts. */
  readonly of: (station: StationAddress) => Promise<void>;
  /** A part was inspected. */
  readonly touch: () => void;
}

/** Works until `ending` aborts, and aborts it itself when the server no longer answers. */
export function keepCounts(tell: (news: News) => void, ending: AbortController): Counts {
  let station: StationAddress | null = null;
  let due: ReturnType<typeof setTimeout> | null = null;

  async function load(): Promise<void> {
    if (station === null) return;
    tell({ kind: "shift", shift: await fetchShift(station, ending.signal) });
  }
  function loadOrEnd(): void {
    due = null;
    load().catch(() => ending.abort());
  }
  const steady = setInterval(loadOrEnd, AT_LEAST_EVERY_MS);
  ending.signal.addEventListener("abort", () => {
    clearInterval(steady);
    if (due !== null) clearTimeout(due);
  });
  return {
    of: (chosen) => {
      station = chosen;
      return load();
    },
    touch: () => {
      due ??= setTimeout(loadOrEnd, AFTER_A_PART_MS);
    },
  };
}
