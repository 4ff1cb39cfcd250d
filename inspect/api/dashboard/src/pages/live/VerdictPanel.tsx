import type { Inspection } from "../../api/types";
import { VerdictMark } from "../../components/VerdictMark";
import { score } from "../../format/number";
import { clockTime } from "../../format/time";
import { useSpeech } from "../../i18n/Words";
import type { Freshness } from "./freshness";
import { Reasons } from "./Reasons";
import styles from "./VerdictPanel.module.css";

interface Props {
  readonly part: Inspection | null;
  readonly freshness: Freshness;
}

/** The verdict, to be read from three metres, and why. An old one is never shown as one. */
export function VerdictPanel({ part, freshness }: Props) {
  if (part === null) return <NoVerdict freshness={freshness} />;
  if (freshness.kind === "notLive") return <LastKnown part={part} />;
  return <Verdict part={part} />;
}

function Verdict({ part }: { readonly part: Inspection }) {
  const { words, locale } = useSpeech();
  const { verdict, threshold } = part;
  return (
    <section className={styles.panel} data-verdict={verdict}>
      <p className={styles.verdict}>
        <VerdictMark verdict={verdict} />
        <strong>{words.verdict[verdict]}</strong>
      </p>
      <div>
        <p className={styles.meaning}>{words.meaning[verdict]}</p>
        <Reasons part={part} />
        {part.score !== null && threshold !== null && (
          <p className={styles.score}>
            {words.part.score(score(part.score, locale), score(threshold, locale))}
          </p>
        )}
      </div>
    </section>
  );
}

function LastKnown({ part }: { readonly part: Inspection }) {
  const { words, locale } = useSpeech();
  const time = clockTime(part.capturedAtMs, locale);
  return (
    <section className={styles.panel} data-verdict="none">
      <p className={styles.notLive}>{words.freshness.stopped}</p>
      <p className={styles.meaning}>
        {words.freshness.lastPart(words.verdict[part.verdict], time)}
      </p>
    </section>
  );
}

const NO_VERDICT: Partial<Record<Freshness["kind"], "connecting" | "stopped">> = {
  connecting: "connecting",
  notLive: "stopped",
};

function NoVerdict({ freshness }: { readonly freshness: Freshness }) {
  const { words } = useSpeech();
  const told = NO_VERDICT[freshness.kind] ?? "nothingYet";
  return (
    <section className={styles.panel} data-verdict="none">
      <p className={styles.meaning}>{words.freshness[told]}</p>
    </section>
  );
}
