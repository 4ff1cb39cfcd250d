import type { Verdict } from "../api/types";
import styles from "./VerdictMark.module.css";

/** Each verdict has a silhouette of its own, so that none rests on colour alone. */
const SILHOUETTES: Readonly<Record<Verdict, string>> = {
  pass: "M24 2a22 22 0 1 0 0 44a22 22 0 1 0 0-44Z",
  fail: "M15 2h18l13 13v18L33 46H15L2 33V15Z",
  review: "M24 3L47 44H1Z",
};
const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: "M13.5 24.5l7 7 14-15",
  fail: "M15.5 15.5l17 17M32.5 15.5l-17 17",
  review: "M24 17v13M24 36.4v.2",
};

export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  return (
    <svg className={styles.mark} data-verdict={verdict} viewBox="0 0 48 48" aria-hidden="true">
      <path className={styles.silhouette} d={SILHOUETTES[verdict]} />
      <path className={styles.sign} d={SIGNS[verdict]} />
    </svg>
  );
}
