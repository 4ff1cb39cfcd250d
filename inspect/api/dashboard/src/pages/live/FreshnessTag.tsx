import { span } from "../../format/time";
import type { Dictionary } from "../../i18n/dictionary";
import type { Locale } from "../../i18n/languages";
import { useSpeech } from "../../i18n/Words";
import styles from "./FreshnessTag.module.css";
import type { Freshness } from "./freshness";
import { howMany } from "./state";

interface Props {
  readonly freshness: Freshness;
  readonly onUnpin: () => void;
}

/** Says whether the part shown is the one on the line now; the way back when it is pinned. */
export function FreshnessTag({ freshness, onUnpin }: Props) {
  const { words, locale } = useSpeech();
  const label = labelOf(freshness, words, locale);
  if (freshness.kind !== "pinned") {
    return (
      <span className={styles.tag} data-freshness={freshness.kind}>
        {label}
      </span>
    );
  }
  return (
    <>
      <span className={styles.tag} data-freshness="pinned">
        {label}
      </span>
      <button className={styles.back} type="button" onClick={onUnpin}>
        {words.backToLive}
        {freshness.newer > 0 && <small>{words.newerParts(howMany(freshness.newer))}</small>}
      </button>
    </>
  );
}

function labelOf(freshness: Freshness, words: Dictionary, locale: Locale): string {
  if (freshness.kind === "waiting") return words.freshness.waiting(span(freshness.forMs, locale));
  return words.freshness[freshness.kind];
}
