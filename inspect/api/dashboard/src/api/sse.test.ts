import { expect, test } from "vitest";
import { eventParser } from "./sse";

const STREAM =
  ': beat\n\nevent: inspection\ndata: {"a":1}\n\nevent: station\r\ndata: x\r\ndata: y\r\n\r\n';
const EVENTS = [
  { name: "inspection", data: '{"a":1}' },
  { name: "station", data: "x\ny" },
];

test("heartbeats are no events, and several data lines are one", () => {
  expect(eventParser()(STREAM)).toEqual(EVENTS);
});

test.each([1, 2, 3, 7, 16])("events come whole out of chunks of %i characters", (size) => {
  const parse = eventParser();
  const chunks = STREAM.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
  expect(chunks.flatMap(parse)).toEqual(EVENTS);
});

test("an unfinished event waits for its end", () => {
  const parse = eventParser();
  expect(parse("data: 1\n")).toEqual([]);
  expect(parse("\n")).toEqual([{ name: "message", data: "1" }]);
});
