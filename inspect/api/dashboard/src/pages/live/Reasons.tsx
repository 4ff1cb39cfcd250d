import type { Inspection } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import styles from "./Reasons.module.css";

/**
 * Each cause in the reader's language, after the name of the view that it is of; the station's own
 * sentence where the code is unknown.
 */
export function Reasons({ part }: { readonly part: Inspection }) {
  const { words } = useSpeech();
  const known: Readonly<Record<string, string>> = words.reason;
  return (
    <ul className={styles.reasons}>
      {part.reasons.map(({ code, text }) => {
        const view = part.views
          .map(({ station }) => station)
          .find((name) => text.startsWith(`${name}: `) || text.startsWith(`${name} `));
        return (
          <li key={`${code} ${text}`}>
            {code in known ? (view ? `${view}: ` : "") + known[code] : text}
          </li>
        );
      })}
    </ul>
  );
}
