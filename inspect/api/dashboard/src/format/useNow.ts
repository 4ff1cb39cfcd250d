import { useEffect, useState } from "react";

export interface PageTime {
  /** Milliseconds since 1970. */
  readonly wallMs: number;
  /** Milliseconds by a clock that nobody can set. */
  readonly steadyMs: number;
}

/** The time, fresh every second. */
export function useNow(): PageTime {
  const [now, setNow] = useState(read);
  useEffect(() => {
    const tick = setInterval(() => setNow(read()), 1_000);
    return () => clearInterval(tick);
  }, []);
  return now;
}

const read = (): PageTime => ({ wallMs: Date.now(), steadyMs: performance.now() });
