import type { StationAddress } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import { stationPath } from "./chosenStation";
import { followedStation } from "./freshness";
import styles from "./StationBar.module.css";
import type { LiveState } from "./state";

interface Props {
  readonly state: LiveState;
  readonly onChoose: (station: StationAddress) => void;
}

/** Which station this is, and what it is doing. */
export function StationBar({ state, onChoose }: Props) {
  const { words } = useSpeech();
  const { station, stations, connection } = state;
  if (station === null) {
    return connection.kind === "live" && <span className={styles.mode}>{words.noStation}</span>;
  }
  const isHeard = connection.kind === "live" && state.trouble === null;
  const mode = isHeard ? followedStation(state)?.mode : undefined;
  return (
    <>
      {stations.length > 1 ? (
        <select
          className={styles.name}
          aria-label={words.stationLabel}
          value={stationPath(station)}
          onChange={({ target }) => {
            const next = stations.find((each) => stationPath(each) === target.value);
            if (next !== undefined) onChoose(next);
          }}
        >
          {stations.map((each) => (
            <option key={stationPath(each)} value={stationPath(each)}>
              {shortName(each)}
            </option>
          ))}
        </select>
      ) : (
        <span className={styles.name}>{shortName(station)}</span>
      )}
      {mode && (
        <span className={styles.mode} data-mode={mode}>
          <span>{words.mode[mode]}</span>
        </span>
      )}
    </>
  );
}

function shortName({ line, station }: StationAddress): string {
  return `${line} / ${station}`;
}
