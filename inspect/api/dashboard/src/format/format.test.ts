import { expect, test } from "vitest";
import { percent, score, wholeNumber } from "./number";
import { span } from "./time";

test("spans are told in their largest whole unit", () => {
  expect(span(-5, "en")).toBe("0 sec");
  expect(span(59_900, "en")).toBe("59 sec");
  expect(span(3_599_000, "en")).toBe("59 min");
  expect(span(7_200_000, "en")).toBe("2 hr");
  expect(span(172_800_000, "en")).toBe("2 days");
  expect(span(42_000, "zh-CN")).toBe("42秒");
});

test("numbers are told with the digits that mean something", () => {
  expect(percent(0.0468, "en")).toBe("4.7%");
  expect(score(1, "en")).toBe("1.00");
  expect(score(0.012345, "en")).toBe("0.0123");
  expect(wholeNumber(1284, "en")).toBe("1,284");
});
