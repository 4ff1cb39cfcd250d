import type { Inspection } from "../../api/types";
import { PartName } from "../../components/PartName";
import { PartPicture } from "../../components/picture/PartPicture";
import { clockTime, span } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import { ageMs, type Now } from "./clock";
import { FreshnessTag } from "./FreshnessTag";
import type { Freshness } from "./freshness";
import styles from "./Stage.module.css";
import { Views } from "./Views";

/** An age told in whole seconds below this is none. */
const JUST_NOW_MS = 1_000;

interface Props {
  readonly part: Inspection | null;
  readonly freshness: Freshness;
  readonly now: Now;
  readonly attemptOf: (part: Inspection) => string | null;
  readonly onUnpin: () => void;
}

/** The part's picture, or one of each view of it, which part it is, and how far it can be believed to be now. */
export function Stage({ part, freshness, now, attemptOf, onUnpin }: Props) {
  const { words, locale } = useSpeech();
  const age = part === null ? 0 : ageMs(part, now);
  return (
    <section className={styles.stage}>
      <header className={styles.head}>
        <FreshnessTag freshness={freshness} onUnpin={onUnpin} />
        {part && (
          <>
            <div className={styles.name}>
              <PartName part={part} />
            </div>
            {part.purpose !== "production" && (
              <span className={styles.purpose}>{words.purpose[part.purpose]}</span>
            )}
            <span className={styles.time}>
              {clockTime(part.capturedAtMs, locale)}
              <small>
                {age < JUST_NOW_MS ? words.part.justNow : words.part.ago(span(age, locale))}
              </small>
            </span>
          </>
        )}
      </header>
      <div className={styles.picture}>
        {part && part.views.length > 0 && <Views part={part} attemptOf={attemptOf} />}
        {part && part.views.length === 0 && <PartPicture part={part} attempt={attemptOf(part)} />}
      </div>
    </section>
  );
}
