import { useEffect, useState } from "react";
import { fetchInspection } from "../../api/client";
import type { Inspection } from "../../api/types";

/** On a fast line a part is gone before it is worth asking. */
const SETTLE_MS = 150;
const AGAIN_MS = 1_000;

/** The inspection of an id once it is recorded, which may be after it was first named. */
export function useInspection(id: string | null): Inspection | null {
  const [known, setKnown] = useState<Inspection | null>(null);
  useEffect(() => {
    if (id === null) return;
    const leaving = new AbortController();
    void seek(id, leaving.signal).then(setKnown);
    return () => leaving.abort();
  }, [id]);
  return known?.id === id ? known : null;
}

async function seek(id: string, signal: AbortSignal): Promise<Inspection | null> {
  for (let pauseMs = SETTLE_MS; !signal.aborted; pauseMs = AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const found = await fetchInspection(id, signal).catch(() => null);
    if (found !== null) return found;
  }
  return null;
}
