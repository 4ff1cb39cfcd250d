import { expect, test } from "vitest";
import { ageMs, serverTimeMs, withSample } from "./clock";
import { part } from "./part.fixture";

const PAGE = { wallMs: 1_000_000, steadyMs: 200_000 };
/** The server's time by samples that say how far it is ahead of the page's wall clock. */
const aheadMs = (...samples: readonly (number | null)[]) => {
  const steady = samples.map((ahead) => ahead && ahead + PAGE.wallMs - PAGE.steadyMs);
  return serverTimeMs(PAGE, steady.reduce<readonly number[]>(withSample, [])) - PAGE.wallMs;
};

test("without samples, or with a difference too small to be known, the clocks agree", () => {
  expect(aheadMs()).toBe(0);
  expect(aheadMs(null, -900, -1_900)).toBe(0);
});

test("an answer stamped before a freeze does not move the clock", () => {
  expect(aheadMs(60_000, 60_000 - 32_000)).toBe(60_000);
});

test("a first answer from before a freeze is mended by the next", () => {
  expect(aheadMs(-32_000, -500)).toBe(0);
});

test("a server's clock that was set back is followed after a minute", () => {
  expect(aheadMs(-1, ...Array.from({ length: 12 }, () => -3_600_000))).toBe(-3_600_000);
});

test("a page's clock that was set does no harm", () => {
  const samples = [PAGE.wallMs - PAGE.steadyMs];
  expect(serverTimeMs({ ...PAGE, wallMs: 5_000_000 }, samples)).toBe(PAGE.wallMs);
});

test("a part is at least as old as the page has had it", () => {
  const received = part(100, { receivedAtMs: 5_000 });
  expect(ageMs(received, { serverMs: 101_000, steadyMs: 45_000 })).toBe(40_000);
  expect(ageMs(received, { serverMs: 190_000, steadyMs: 45_000 })).toBe(90_000);
});
