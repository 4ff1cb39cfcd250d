/** Times and spans as people read them. */

import type { Locale } from "../i18n/languages";

export function clockTime(moment: number, locale: Locale): string {
  return format(moment, locale, { second: "2-digit" });
}

export function hourMinute(moment: number, locale: Locale): string {
  return format(moment, locale, {});
}

function format(moment: number, locale: Locale, more: Intl.DateTimeFormatOptions): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...more } as const;
  return new Intl.DateTimeFormat(locale, options).format(moment);
}

/** A span in its largest whole unit: 42 seconds, 3 minutes, 5 hours, 2 days. */
export function span(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return inUnit(seconds, "second", locale);
  if (seconds < 3600) return inUnit(Math.floor(seconds / 60), "minute", locale);
  if (seconds < 86_400) return inUnit(Math.floor(seconds / 3600), "hour", locale);
  return inUnit(Math.floor(seconds / 86_400), "day", locale);
}

function inUnit(value: number, unit: string, locale: Locale): string {
  const options = { style: "unit", unit, unitDisplay: "short" } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
