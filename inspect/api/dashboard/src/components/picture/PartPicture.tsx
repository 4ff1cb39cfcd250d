import type { Inspection } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import { EvidencePicture } from "./EvidencePicture";
import { FindingMarks } from "./FindingMarks";
import { fitWithin } from "./geometry";
import styles from "./PartPicture.module.css";
import { useSize } from "./useSize";

interface Props {
  readonly part: Inspection;
  readonly attempt: string | null;
}

/** A part's picture as large as its place allows, with its findings drawn on it. */
export function PartPicture({ part, attempt }: Props) {
  const { words } = useSpeech();
  const [stageRef, stage] = useSize();
  const { picture: evidence, findings, verdict } = part;
  const picture = evidence && stage && fitWithin(evidence, stage);
  return (
    <div className={styles.stage} ref={stageRef}>
      {evidence === null && <Absent>{words.part.notKept}</Absent>}
      {evidence && stage && picture && (
        <EvidencePicture
          evidence={evidence}
          attempt={attempt}
          alt={words.part.picture(part.serial ?? part.partId ?? part.id)}
          place={picture}
          absent={<Absent>{words.part.onItsWay}</Absent>}
        >
          <FindingMarks {...{ findings, verdict, stage, picture }} frame={evidence} />
        </EvidencePicture>
      )}
    </div>
  );
}

/** Stands where a picture will be, or would be. */
export function Absent({ children }: { readonly children: string }) {
  return (
    <p className={styles.absent}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M4 11V4h7M21 4h7v7M28 21v7h-7M11 28H4v-7" />
      </svg>
      {children}
    </p>
  );
}
