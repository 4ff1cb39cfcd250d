import { Banner } from "../../components/Banner";
import { clockTime, span } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import type { Now } from "./clock";
import { followedStation } from "./freshness";
import type { LiveState } from "./state";

interface Props {
  readonly state: LiveState;
  readonly now: Now;
}

/** The one thing that is wrong now: the connection's trouble before the server's and the station's. */
export function Notice({ state, now }: Props) {
  const { words, locale } = useSpeech();
  const since = (moment: number) =>
    words.since(clockTime(moment, locale), span(now.serverMs - moment, locale));

  if (state.connection.kind === "lost") {
    const sinceMs = now.serverMs - (now.steadyMs - state.connection.sinceSteadyMs);
    return (
      <Banner tone="bad" title={words.connectionLost} aside={words.reconnecting}>
        {since(sinceMs)}
      </Banner>
    );
  }
  if (state.trouble !== null) {
    return (
      <Banner tone="bad" title={words.nothingArrives} aside="">
        {state.trouble}
      </Banner>
    );
  }
  const station = followedStation(state);
  if (station === null || station.mode === "running" || station.mode === "unknown") return null;
  const tone = station.mode === "fault" || station.mode === "offline" ? "bad" : "warning";
  return (
    <Banner tone={tone} title={words.modeMeaning[station.mode]} aside={station.reason ?? ""}>
      {station.sinceMs === null ? "" : since(station.sinceMs)}
    </Banner>
  );
}
