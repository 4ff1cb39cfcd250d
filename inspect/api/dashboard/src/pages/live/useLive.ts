import { type Dispatch, useEffect, useReducer } from "react";
import type { StationAddress } from "../../api/types";
import { follow } from "./follow";
import { type LiveState, learn, type News, NOTHING_YET } from "./state";

/** The live state of `chosen`, or of the first station there is. */
export function useLive(chosen: StationAddress | null): [LiveState, Dispatch<News>] {
  const [state, tell] = useReducer(learn, NOTHING_YET);
  useEffect(() => {
    const leaving = new AbortController();
    void follow(chosen, tell, leaving.signal);
    return () => leaving.abort();
  }, [chosen]);
  return [state, tell];
}
