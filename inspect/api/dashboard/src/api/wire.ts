/** Reading values off the wire without trusting that they are there. */

export type Wire = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Wire {
  return typeof value === "object" && value !== null ? (value as Wire) : {};
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function count(value: unknown): number {
  return Math.max(0, number(value) ?? 0);
}

/** A moment as milliseconds since 1970. */
export function momentMs(value: unknown): number | null {
  return number(Date.parse(text(value) ?? ""));
}

export function oneOf<T extends string>(value: unknown, known: readonly T[], otherwise: T): T {
  return known.find((name) => name === value) ?? otherwise;
}

/** The items that could be read; the others are left out. */
export function list<T>(value: unknown, read: (item: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.map(read).filter((item) => item !== null);
}
