import { useEffect, useState } from "react";
import { fetchInspection } from "../../api/client";
import type { Inspection } from "../../api/types";

/** On a fast line a part is gone before it is worth asking. */
const SETTLE_MS = 150;
const LONGEST_PAUSE_MS = 30_000;

/** The inspection of an id once it is recorded, which may be after it was first named. */
export function useInspection(id: string | null): Inspection | null {
  const [known, setKnown] = useState<Inspection | null>(null);
  useEffect(() => {
    if (id === null) return;
    const leaving = new AbortController();
    void seek(id, leaving.signal).then((found) => {
      if (!leaving.signal.aborted) setKnown(found);
    });
    return () => leaving.abort();
  }, [id]);
  return known?.id === id ? known : null;
}

async function seek(id: string, signal: AbortSignal): Promise<Inspection | null> {
  let pauseMs = SETTLE_MS;
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const found = await fetchInspection(id, signal).catch(() => null);
    if (found !== null) return found;
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
  return null;
}
