import { Banner } from "../../components/Banner";
import { clockTime, span } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import { followedStation } from "./freshness";
import type { LiveState } from "./state";

interface Props {
  readonly state: LiveState;
  readonly nowMs: number;
}

/** The one thing that is wrong now: a lost connection before the station's own trouble. */
export function Notice({ state, nowMs }: Props) {
  const { words, locale } = useSpeech();
  const since = (moment: number) =>
    words.since(clockTime(moment, locale), span(nowMs - moment, locale));

  if (state.connection.kind === "lost") {
    const sinceMs = state.connection.sinceMs + state.clockAheadMs;
    return (
      <Banner tone="bad" title={words.connectionLost} aside={words.reconnecting}>
        {since(sinceMs)}
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
