import type { Inspection } from "../api/types";
import { useSpeech } from "../i18n/Words";
import styles from "./PartName.module.css";

/** The serial, else the part's identity under a label; a long one is cut at its front. */
export function PartName({ part }: { readonly part: Inspection }) {
  const { words } = useSpeech();
  const { serial, partId } = part;
  const name = serial ?? partId ?? words.part.noSerial;
  return (
    <span className={styles.name} title={name}>
      {serial === null && partId !== null && <small>{words.part.partId}</small>}
      <span className={styles.cut}>
        <bdi dir="ltr">{name}</bdi>
      </span>
    </span>
  );
}
