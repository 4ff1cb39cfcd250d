import type { ReactNode } from "react";
import { clockTime } from "../format/time";
import { useNow } from "../format/useNow";
import { useSpeech } from "../i18n/Words";
import { LanguageSwitch } from "./LanguageSwitch";
import styles from "./Masthead.module.css";

/** The bar above every page: the product, what the page is about, the time and the language. */
export function Masthead({ children }: { readonly children: ReactNode }) {
  const { words, locale } = useSpeech();
  return (
    <header className={styles.masthead}>
      <h1 className={styles.brand}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M4 11V4h7M21 4h7v7M28 21v7h-7M11 28H4v-7" />
          <circle cx="16" cy="16" r="5.5" />
        </svg>
        <span>{words.title}</span>
      </h1>
      <div className={styles.about}>{children}</div>
      <time className={styles.clock}>{clockTime(useNow().wallMs, locale)}</time>
      <LanguageSwitch />
    </header>
  );
}
