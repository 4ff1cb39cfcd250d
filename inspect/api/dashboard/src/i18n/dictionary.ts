/** The shape of every language: that of English, so that a missing key is a type error. */

import type { en } from "./en";

type Widened<T> = T extends string
  ? string
  : T extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { readonly [Key in keyof T]: Widened<T[Key]> };

export type Dictionary = Widened<typeof en>;
