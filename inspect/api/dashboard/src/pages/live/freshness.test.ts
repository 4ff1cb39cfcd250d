import { expect, test } from "vitest";
import type { StationMode } from "../../api/types";
import { freshnessOf } from "./freshness";
import { part } from "./part.fixture";
import { pictureAttempt } from "./pictures";
import { type LiveState, NOTHING_YET } from "./state";

const STATION = { site: "site", line: "line-1", station: "station-1" };
const LIVE: LiveState = {
  ...NOTHING_YET,
  connection: { kind: "live" },
  station: STATION,
  parts: [part(100)],
};
const at = (serverMs: number) => ({ serverMs, steadyMs: 0 });
const withMode = (mode: StationMode): LiveState => ({
  ...LIVE,
  stations: [{ ...STATION, mode, reason: null, sinceMs: null }],
});

test("a part just taken is live", () => {
  expect(freshnessOf(LIVE, at(101_000))).toEqual({ kind: "live" });
});

test("a quiet line says how long it has been quiet", () => {
  expect(freshnessOf(LIVE, at(160_000))).toEqual({ kind: "waiting", forMs: 60_000 });
});

test("nothing is live without a connection", () => {
  const lost: LiveState = { ...LIVE, connection: { kind: "lost", sinceSteadyMs: 0 } };
  expect(freshnessOf(lost, at(101_000))).toEqual({ kind: "notLive" });
});

test("nothing is live while the server records nothing", () => {
  const deaf: LiveState = { ...LIVE, trouble: "the broker is not connected" };
  expect(freshnessOf(deaf, at(101_000))).toEqual({ kind: "notLive" });
});

test("a part that came long ago is not live, though the clocks say it is new", () => {
  expect(freshnessOf(LIVE, { serverMs: 101_000, steadyMs: 60_000 })).toEqual({
    kind: "waiting",
    forMs: 60_000,
  });
});

test.each(["paused", "fault", "stopped", "offline"] as const)(
  "nothing is live at a station in %s",
  (mode) => {
    expect(freshnessOf(withMode(mode), at(101_000))).toEqual({ kind: "notLive" });
  },
);

test.each(["running", "degraded", "starting"] as const)("a station in %s is live", (mode) => {
  expect(freshnessOf(withMode(mode), at(101_000))).toEqual({ kind: "live" });
});

test("a pinned part says how many have come since", () => {
  const state: LiveState = { ...LIVE, parts: [part(3), part(2), part(1)], pinned: part(1) };
  expect(freshnessOf(state, at(4_000))).toEqual({ kind: "pinned", newer: 2 });
});

test("a picture is asked for when it is announced, or when it should long be there", () => {
  const announced: LiveState = { ...LIVE, arrived: ["sha-100"] };
  expect(pictureAttempt(LIVE, part(100), at(100_500))).toBeNull();
  expect(pictureAttempt(announced, part(100), at(100_500))).not.toBeNull();
  expect(pictureAttempt(LIVE, part(100), at(110_000))).not.toBeNull();
});

test("a picture that failed is asked for again once it is announced", () => {
  const announced: LiveState = { ...LIVE, arrived: ["sha-100"] };
  expect(pictureAttempt(LIVE, part(100), at(110_000))).not.toBe(
    pictureAttempt(announced, part(100), at(110_000)),
  );
});
