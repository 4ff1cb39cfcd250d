import { describe, expect, test } from "vitest";
import modes from "../../../../core/delivery.py?raw";
import reasons from "../../../../core/reason.py?raw";
import verdicts from "../../../../core/verdict.py?raw";
import { DICTIONARIES, LANGUAGES, preferredLanguage } from "./languages";

/** Every value of the Python enumerations in a module, as `NAME = "value"`. */
const values = (module: string): string[] =>
  [...module.matchAll(/^ {4}[A-Z_]+ = "(\w+)"$/gm)].map((match) => match[1] ?? "");

describe.each(LANGUAGES)("in %s", (language) => {
  const words = DICTIONARIES[language];

  test("every reason of the station has words", () => {
    expect(Object.keys(words.reason)).toEqual(values(reasons));
  });

  test("every verdict and purpose has words", () => {
    const known = [...Object.keys(words.verdict), ...Object.keys(words.purpose)];
    expect(known).toEqual(values(verdicts));
  });

  test("every station mode has words", () => {
    expect(Object.keys(words.mode)).toEqual(expect.arrayContaining(values(modes)));
  });

  test("no words are empty", () => {
    expect(emptyWords(words)).toEqual([]);
  });
});

test("a person's own choice comes before the browser's, and English last", () => {
  expect(preferredLanguage("zh", ["en-GB"])).toBe("zh");
  expect(preferredLanguage(null, ["de", "zh-TW", "en"])).toBe("zh");
  expect(preferredLanguage("tlh", ["fr"])).toBe("en");
});

function emptyWords(words: object): string[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === "object" && value !== null) return emptyWords(value);
    return value === "" ? [key] : [];
  });
}
