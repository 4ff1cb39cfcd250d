import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import type { Dictionary } from "./dictionary";
import {
  DICTIONARIES,
  type Language,
  LOCALES,
  type Locale,
  recallLanguage,
  rememberLanguage,
} from "./languages";

interface Speech {
  readonly language: Language;
  readonly locale: Locale;
  readonly words: Dictionary;
  readonly speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech | null>(null);

/** Gives every component below it the words of the chosen language. */
export function Words({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(recallLanguage);
  useEffect(() => {
    document.documentElement.lang = LOCALES[language];
    document.title = DICTIONARIES[language].title;
  }, [language]);
  const speech = useMemo(
    () => ({
      language,
      locale: LOCALES[language],
      words: DICTIONARIES[language],
      speak: (chosen: Language) => {
        rememberLanguage(chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

export function useSpeech(): Speech {
  const speech = use(SpeechContext);
  if (speech === null) throw new Error("useSpeech needs <Words> above it");
  return speech;
}
