import { DICTIONARIES, LANGUAGES, LOCALES } from "../i18n/languages";
import { useSpeech } from "../i18n/Words";
import styles from "./LanguageSwitch.module.css";

export function LanguageSwitch() {
  const { language, words, speak } = useSpeech();
  return (
    <fieldset className={styles.switch} aria-label={words.language}>
      {LANGUAGES.map((name) => (
        <button
          key={name}
          type="button"
          lang={LOCALES[name]}
          aria-label={DICTIONARIES[name].ownName}
          aria-pressed={name === language}
          onClick={() => speak(name)}
        >
          <span className={styles.long}>{DICTIONARIES[name].ownName}</span>
          <span className={styles.short}>{DICTIONARIES[name].shortName}</span>
        </button>
      ))}
    </fieldset>
  );
}
