import { expect, test } from "vitest";
import type { StationSummary } from "../../api/types";
import { part } from "./part.fixture";
import { type LiveState, learn, type News, NOTHING_YET, STRIP_PARTS } from "./state";

const STATION = { site: "site", line: "line-1", station: "station-1" };
const after = (...news: readonly News[]): LiveState => news.reduce(learn, NOTHING_YET);
const inspected = (secondsIn: number): News => ({ kind: "inspected", part: part(secondsIn) });
const times = (state: LiveState) => state.parts.map(({ capturedAtMs }) => capturedAtMs / 1000);

test("the newest part comes first, whatever order they are delivered in", () => {
  expect(times(after(inspected(2), inspected(3), inspected(1)))).toEqual([3, 2, 1]);
});

test("a part from a clock that is ahead does not hide those that come after it", () => {
  const told: News = { kind: "readiness", readiness: { trouble: null, clockSampleMs: 0 } };
  const ahead: News = { kind: "inspected", part: part(9_000, { receivedAtMs: 10_000 }) };
  const next: News = { kind: "inspected", part: part(15, { receivedAtMs: 15_000 }) };
  expect(times(after(told, ahead))).toEqual([9_000]);
  expect(times(after(told, ahead, next))).toEqual([15, 9_000]);
});

test("a part delivered twice is shown once", () => {
  expect(times(after(inspected(1), inspected(1)))).toEqual([1]);
});

test("the strip keeps the last parts only", () => {
  const many = Array.from({ length: STRIP_PARTS + 5 }, (_, index) => inspected(index));
  const state = after(...many);
  expect(state.parts).toHaveLength(STRIP_PARTS);
  expect(times(state)[0]).toBe(STRIP_PARTS + 4);
});

test("after a break the missed parts fill the gap", () => {
  const missed = [part(3), part(2)];
  const news: News = { kind: "parts", station: STATION, parts: missed };
  expect(times(after({ ...news, parts: [part(1)] }, news))).toEqual([3, 2, 1]);
});

test("turning to another station forgets the first one's parts, counts and pin", () => {
  const other = { ...STATION, station: "station-2" };
  const state = after(
    { kind: "parts", station: STATION, parts: [part(1)] },
    { kind: "pin", part: part(1) },
    { kind: "parts", station: other, parts: [part(2, other)] },
  );
  expect(times(state)).toEqual([2]);
  expect(state).toMatchObject({ station: other, pinned: null, shift: null });
});

test("a pinned part stays while new ones come, until it is let go", () => {
  const pinned = after(inspected(1), { kind: "pin", part: part(1) }, inspected(2));
  expect(pinned.pinned?.id).toBe(part(1).id);
  expect(learn(pinned, { kind: "unpin" }).pinned).toBeNull();
});

test("a station's news replaces what was known of it and adds one that was not", () => {
  const summary = (station: string, mode: StationSummary["mode"]): StationSummary => ({
    ...STATION,
    station,
    mode,
    reason: null,
    sinceMs: null,
  });
  const state = after(
    { kind: "stations", stations: [summary("a", "running"), summary("b", "running")] },
    { kind: "station", station: summary("b", "fault") },
    { kind: "station", station: summary("c", "starting") },
  );
  expect(state.stations.map(({ station, mode }) => `${station} ${mode}`)).toEqual([
    "a running",
    "b fault",
    "c starting",
  ]);
});
