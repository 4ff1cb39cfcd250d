import { describe, expect, test } from "vitest";
import { fitWithin, grown, labelSides, place } from "./geometry";

const FRAME = { width: 640, height: 480 };

describe("fitWithin", () => {
  test("a stage that is too wide leaves room left and right alike", () => {
    const stage = { width: 1000, height: 480 };
    expect(fitWithin(FRAME, stage)).toEqual({ left: 180, top: 0, width: 640, height: 480 });
  });

  test("a stage that is too high leaves room above and below alike", () => {
    const stage = { width: 320, height: 500 };
    expect(fitWithin(FRAME, stage)).toEqual({ left: 0, top: 130, width: 320, height: 240 });
  });
});

describe("place", () => {
  const picture = { left: 100, top: 10, width: 1280, height: 960 };

  test("a box moves and grows with its picture", () => {
    expect(place([10, 20, 40, 60], FRAME, picture)).toEqual({
      left: 120,
      top: 50,
      width: 60,
      height: 80,
    });
  });

  test("a box that leaves the frame is cut at its edge", () => {
    expect(place([600, 460, 700, 999], FRAME, picture)).toEqual({
      left: 1300,
      top: 930,
      width: 80,
      height: 40,
    });
  });
});

test("an outline grows on every side", () => {
  const rect = { left: 10, top: 10, width: 4, height: 6 };
  expect(grown(rect, 3)).toEqual({ left: 7, top: 7, width: 10, height: 12 });
});

test("a label goes below a box at the top and hangs left of one at the right", () => {
  const stage = { width: 1000, height: 500 };
  const at = (left: number, top: number) => ({ left, top, width: 20, height: 20 });
  expect(labelSides(at(100, 5), stage, 30)).toEqual({ below: true, fromRight: false });
  expect(labelSides(at(900, 200), stage, 30)).toEqual({ below: false, fromRight: true });
});
