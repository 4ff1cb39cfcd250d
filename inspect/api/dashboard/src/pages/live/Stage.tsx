import type { Inspection } from "../../api/types";
import { PartPicture } from "../../components/picture/PartPicture";
import { clockTime, span } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import { FreshnessTag } from "./FreshnessTag";
import type { Freshness } from "./freshness";
import styles from "./Stage.module.css";

interface Props {
  readonly part: Inspection | null;
  readonly freshness: Freshness;
  readonly nowMs: number;
  readonly attempt: string | null;
  readonly onUnpin: () => void;
}

/** The part's picture, which part it is, and how far it can be believed to be now. */
export function Stage({ part, freshness, nowMs, attempt, onUnpin }: Props) {
  const { words, locale } = useSpeech();
  return (
    <section className={styles.stage}>
      <header className={styles.head}>
        <FreshnessTag freshness={freshness} onUnpin={onUnpin} />
        {part && (
          <>
            <span className={styles.serial}>{part.serial ?? words.part.noSerial}</span>
            {part.purpose !== "production" && (
              <span className={styles.purpose}>{words.purpose[part.purpose]}</span>
            )}
            <span className={styles.time}>
              {clockTime(part.capturedAtMs, locale)}
              <small>{words.part.ago(span(nowMs - part.capturedAtMs, locale))}</small>
            </span>
          </>
        )}
      </header>
      <div className={styles.picture}>{part && <PartPicture part={part} attempt={attempt} />}</div>
    </section>
  );
}
