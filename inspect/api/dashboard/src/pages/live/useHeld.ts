import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { Inspection } from "../../api/types";

/** A pointer or a focus that was left behind holds the row no longer than this. */
const FORGOTTEN_AFTER_MS = 30_000;

/**
 * The parts as they stood when a person came to them, for as long as pointer or keyboard are at
 * work there, or one of them is pinned; else the parts as they are.
 */
export function useHeld(parts: readonly Inspection[], isPinned: boolean) {
  const [isWorked, setWorked] = useState(false);
  const [held, setHeld] = useState<readonly Inspection[] | null>(null);
  const forgotten = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(forgotten.current), []);

  const isHeld = parts.length > 0 && (isWorked || isPinned);
  if (isHeld && held === null) setHeld(parts);
  if (!isHeld && held !== null) setHeld(null);

  function work() {
    clearTimeout(forgotten.current);
    forgotten.current = setTimeout(() => setWorked(false), FORGOTTEN_AFTER_MS);
    setWorked(true);
  }
  const handlers = {
    onPointerEnter: work,
    onPointerMove: work,
    onFocus: work,
    onKeyDown: work,
    onPointerLeave: ({ currentTarget }: PointerEvent<HTMLElement>) => {
      if (currentTarget.querySelector(":focus-visible") === null) setWorked(false);
    },
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
      if (!currentTarget.contains(relatedTarget)) setWorked(false);
    },
  };
  return { shown: isHeld ? (held ?? parts) : parts, handlers };
}
