import type { ReactNode } from "react";
import styles from "./Banner.module.css";

interface Props {
  readonly tone: "bad" | "warning";
  readonly title: string;
  readonly aside: string;
  /** Small, and not read aloud again when it changes, as an age does. */
  readonly children: ReactNode;
}

/** A line across the page that says what is wrong; read aloud when it appears. */
export function Banner({ tone, title, aside, children }: Props) {
  return (
    <div className={styles.banner} data-tone={tone}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 2.5L23 21.5H1Z" />
        <path className={styles.sign} d="M12 9.5v6M12 18.2v.1" />
      </svg>
      <p role="alert">
        <strong>{title}</strong> {aside}
      </p>
      <span className={styles.since}>{children}</span>
    </div>
  );
}
