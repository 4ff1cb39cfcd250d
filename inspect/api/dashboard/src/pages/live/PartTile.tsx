import type { Inspection } from "../../api/types";
import { PartName } from "../../components/PartName";
import { EvidencePicture } from "../../components/picture/EvidencePicture";
import { VerdictMark } from "../../components/VerdictMark";
import { clockTime } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import styles from "./PartTile.module.css";

interface Props {
  readonly part: Inspection;
  readonly attempt: string | null;
  readonly pinned: boolean;
  /** Whether Tab stops here. */
  readonly reachable: boolean;
  readonly onChoose: () => void;
}

export function PartTile({ part, attempt, pinned, reachable, onChoose }: Props) {
  const { words, locale } = useSpeech();
  const { verdict, picture } = part;
  return (
    <button
      className={styles.tile}
      type="button"
      data-verdict={verdict}
      aria-pressed={pinned}
      tabIndex={reachable ? 0 : -1}
      onClick={onChoose}
    >
      <span className={styles.thumbnail}>
        {picture && <EvidencePicture evidence={picture} attempt={attempt} alt="" absent={null} />}
      </span>
      <span className={styles.verdict}>
        <VerdictMark verdict={verdict} />
        <b>{words.verdict[verdict]}</b>
      </span>
      <span className={styles.name}>
        <PartName part={part} />
      </span>
      <time className={styles.time}>{clockTime(part.capturedAtMs, locale)}</time>
    </button>
  );
}
