import type { Verdict } from "../../api/types";
import styles from "./ShareBar.module.css";

/** The verdicts' shares as lengths; the numbers stand beside it. */
export function ShareBar(parts: Readonly<Record<Verdict, number>>) {
  return (
    <div className={styles.bar} aria-hidden="true">
      {(["pass", "fail", "review"] as const).map((verdict) => (
        <i key={verdict} data-verdict={verdict} style={{ flexGrow: parts[verdict] }} />
      ))}
    </div>
  );
}
