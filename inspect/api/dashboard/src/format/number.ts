/** Counts, shares and scores as people read them. */

import type { Locale } from "../i18n/languages";

export function wholeNumber(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** A share between 0 and 1 in percent, with one digit behind the point. */
export function percent(share: number, locale: Locale): string {
  const options = { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale, options).format(share);
}

/** A score in the model's own scale, with three significant digits. */
export function score(value: number, locale: Locale): string {
  const options = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 } as const;
  return new Intl.NumberFormat(locale, options).format(value);
}
