import { useEffect, useState } from "react";

/** The time in milliseconds since 1970, fresh every second. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const tick = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(tick);
  }, []);
  return nowMs;
}
