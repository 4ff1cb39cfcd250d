/** Keeps asking whether the server records what the stations send. */

import { fetchReadiness } from "../../api/client";
import type { News } from "./state";

const ASK_EVERY_MS = 5_000;
const ASK_AGAIN_MS = 1_000;

/** Resolves after the first answer; asks on until `ending` aborts, and aborts it without an answer. */
export async function keepReadiness(
  tell: (news: News) => void,
  ending: AbortController,
): Promise<void> {
  const readiness = await fetchReadiness(ending.signal);
  if (ending.signal.aborted) return;
  tell({ kind: "readiness", readiness });
  const pauseMs = readiness.trouble === null ? ASK_EVERY_MS : ASK_AGAIN_MS;
  const next = setTimeout(() => {
    ending.signal.removeEventListener("abort", stop);
    keepReadiness(tell, ending).catch(() => ending.abort());
  }, pauseMs);
  const stop = () => clearTimeout(next);
  ending.signal.addEventListener("abort", stop);
}
