import { useCallback, useState } from "react";
import type { Inspection } from "../../api/types";
import { Masthead } from "../../components/Masthead";
import { useNow } from "../../format/useNow";
import { chosenInAddressBar, showInAddressBar } from "./chosenStation";
import { serverTimeMs } from "./clock";
import { freshnessOf } from "./freshness";
import styles from "./Live.module.css";
import { Notice } from "./Notice";
import { PartStrip } from "./PartStrip";
import { pictureAttempt } from "./pictures";
import { ShiftPanel } from "./ShiftPanel";
import { Stage } from "./Stage";
import { StationBar } from "./StationBar";
import { useEscape } from "./useEscape";
import { useLive } from "./useLive";
import { VerdictPanel } from "./VerdictPanel";

/** What the line operator looks at all day. */
export function Live() {
  const [chosen, setChosen] = useState(chosenInAddressBar);
  const [state, tell] = useLive(chosen);
  const page = useNow();
  const now = {
    serverMs: serverTimeMs(page, state.clockSamplesMs),
    steadyMs: page.steadyMs,
  };
  const freshness = freshnessOf(state, now);
  const part = state.pinned ?? state.parts[0] ?? null;
  const attemptOf = (each: Inspection) => pictureAttempt(state, each, now);
  const unpin = useCallback(() => tell({ kind: "unpin" }), [tell]);
  useEscape(unpin);

  return (
    <div className={styles.page} data-freshness={freshness.kind}>
      <Masthead>
        <StationBar
          state={state}
          onChoose={(station) => {
            showInAddressBar(station);
            setChosen(station);
          }}
        />
      </Masthead>
      <Notice state={state} now={now} />
      <main className={styles.main}>
        <Stage {...{ part, freshness, now }} attemptOf={attemptOf} onUnpin={unpin} />
        <VerdictPanel part={part} freshness={freshness} />
        <ShiftPanel
          shift={state.shift}
          stale={state.connection.kind === "lost" || state.trouble !== null}
        />
      </main>
      <PartStrip
        parts={state.parts}
        pinned={state.pinned}
        attemptOf={attemptOf}
        onPin={(each) => tell({ kind: "pin", part: each })}
        onUnpin={unpin}
      />
    </div>
  );
}
