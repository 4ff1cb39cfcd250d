/** The languages of the page, and which one a person reads. */

import type { Dictionary } from "./dictionary";
import { en } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh";
export type Locale = "en" | "zh-CN";

export const LANGUAGES: readonly Language[] = ["zh", "en"];
export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };
export const LOCALES: Readonly<Record<Language, Locale>> = { en: "en", zh: "zh-CN" };

const STORED_AS = "edgeinspect.language";

/** The language chosen here before, else the browser's first that the page speaks, else English. */
export function preferredLanguage(stored: string | null, browser: readonly string[]): Language {
  const wishes = [stored ?? "", ...browser].map((tag) => tag.toLowerCase().slice(0, 2));
  return wishes.map((wish) => LANGUAGES.find((name) => name === wish)).find(Boolean) ?? "en";
}

export function recallLanguage(): Language {
  return preferredLanguage(stored(), navigator.languages);
}

/** Keep the choice, where the browser lets a page keep anything. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED_AS, language);
  } catch (refusal) {
    if (!(refusal instanceof DOMException)) throw refusal;
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch (refusal) {
    if (!(refusal instanceof DOMException)) throw refusal;
    return null;
  }
}
