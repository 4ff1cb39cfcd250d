import type { Inspection, View } from "../../api/types";
import { Absent, PartPicture } from "../../components/picture/PartPicture";
import { VerdictMark } from "../../components/VerdictMark";
import { useSpeech } from "../../i18n/Words";
import { useInspection } from "./useInspection";
import styles from "./Views.module.css";

interface Props {
  readonly part: Inspection;
  readonly attemptOf: (part: Inspection) => string | null;
}

/** What each station saw of a part, side by side. */
export function Views({ part, attemptOf }: Props) {
  const { words } = useSpeech();
  return (
    <ul className={styles.views} aria-label={words.part.views}>
      {part.views.map((view) => (
        <li key={view.station} className={styles.view} data-verdict={view.verdict ?? "none"}>
          <Seen view={view} attemptOf={attemptOf} />
        </li>
      ))}
    </ul>
  );
}

function Seen({ view, attemptOf }: { readonly view: View } & Pick<Props, "attemptOf">) {
  const { words } = useSpeech();
  const seen = useInspection(view.inspection);
  return (
    <>
      <p className={styles.name}>
        {view.verdict && <VerdictMark verdict={view.verdict} />}
        <b>
          <bdi>{view.station}</bdi>
        </b>
        <span>{view.verdict ? words.verdict[view.verdict] : words.part.notSeen}</span>
      </p>
      <div className={styles.picture}>
        {seen && <PartPicture part={seen} attempt={attemptOf(seen)} />}
        {seen === null && view.inspection && <Absent>{words.part.onItsWay}</Absent>}
      </div>
    </>
  );
}
