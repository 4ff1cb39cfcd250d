/** From pixels of the frame to pixels of the screen. Pure. */

import type { BoxPx } from "../../api/types";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** Where a frame lies when it is shown whole, as large as it goes, in the middle of a stage. */
export function fitWithin(frame: Size, stage: Size): Rect {
  const scale = Math.min(stage.width / frame.width, stage.height / frame.height);
  const width = frame.width * scale;
  const height = frame.height * scale;
  return { left: (stage.width - width) / 2, top: (stage.height - height) / 2, width, height };
}

/** Where a box of the frame lies on the stage, cut to the picture. */
export function place(box: BoxPx, frame: Size, picture: Rect): Rect {
  const scale = picture.width / frame.width;
  const [left, top, right, bottom] = box;
  const x1 = clamp(left, frame.width);
  const y1 = clamp(top, frame.height);
  return {
    left: picture.left + x1 * scale,
    top: picture.top + y1 * scale,
    width: (clamp(right, frame.width) - x1) * scale,
    height: (clamp(bottom, frame.height) - y1) * scale,
  };
}

/** The same rectangle, `by` larger on every side: an outline that covers nothing of what it marks. */
export function grown(rect: Rect, by: number): Rect {
  return {
    left: rect.left - by,
    top: rect.top - by,
    width: rect.width + 2 * by,
    height: rect.height + 2 * by,
  };
}

/** On which sides of its box a label has room. */
export function labelSides(box: Rect, stage: Size, labelHeight: number) {
  return {
    below: box.top < labelHeight,
    fromRight: box.left > stage.width * 0.7,
  };
}

const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0), most);
