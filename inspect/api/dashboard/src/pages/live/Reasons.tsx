import type { Reason } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import styles from "./Reasons.module.css";

/** Each cause in the reader's language; the station's own sentence where the code is unknown. */
export function Reasons({ reasons }: { readonly reasons: readonly Reason[] }) {
  const { words } = useSpeech();
  const known: Readonly<Record<string, string>> = words.reason;
  return (
    <ul className={styles.reasons}>
      {reasons.map(({ code, text }) => (
        <li key={`${code} ${text}`}>{known[code] ?? text}</li>
      ))}
    </ul>
  );
}
