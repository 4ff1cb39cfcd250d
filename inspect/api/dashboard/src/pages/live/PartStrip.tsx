import type { KeyboardEvent } from "react";
import type { Inspection } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import styles from "./PartStrip.module.css";
import { PartTile } from "./PartTile";
import { howMany, newerThan } from "./state";
import { useHeld } from "./useHeld";

interface Props {
  readonly parts: readonly Inspection[];
  readonly pinned: Inspection | null;
  readonly attemptOf: (part: Inspection) => string | null;
  readonly onPin: (part: Inspection) => void;
  readonly onUnpin: () => void;
}

/**
 * The last parts, the newest first; choosing one pins it, choosing it again lets it go. The row
 * stands still while a person works it, so that a fast line moves no part from under the pointer.
 */
export function PartStrip({ parts, pinned, attemptOf, onPin, onUnpin }: Props) {
  const { words } = useSpeech();
  const { shown, handlers } = useHeld(parts, pinned !== null);
  if (shown.length === 0) return <p className={styles.empty}>{words.strip.empty}</p>;
  const reachable = shown.some(({ id }) => id === pinned?.id) ? pinned?.id : shown[0]?.id;
  const waiting = newerThan(shown[0] ?? null, parts);

  /** Arrow keys walk along the strip, so that Tab passes it in one step; a pin goes along. */
  function walk(event: KeyboardEvent<HTMLOListElement>) {
    const tiles = [...event.currentTarget.querySelectorAll("button")];
    const at = tiles.findIndex((tile) => tile.contains(event.target as Node));
    const goal = goalOf(event.key, at, tiles.length);
    const part = shown[goal];
    if (part === undefined) return;
    event.preventDefault();
    tiles[goal]?.focus();
    if (pinned !== null) onPin(part);
  }

  return (
    <nav
      className={styles.row}
      aria-label={words.strip.title(`${shown.length}`)}
      data-held={shown !== parts}
      {...handlers}
    >
      {waiting > 0 && (
        <span className={styles.waiting} aria-hidden="true">
          +{howMany(waiting)}
        </span>
      )}
      <ol className={styles.strip} onKeyDown={walk}>
        {shown.map((part) => (
          <li key={part.id}>
            <PartTile
              part={part}
              attempt={attemptOf(part)}
              pinned={part.id === pinned?.id}
              reachable={part.id === reachable}
              onChoose={() => (part.id === pinned?.id ? onUnpin() : onPin(part))}
            />
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Where a key leads from the tile `at`; -1 where it leads nowhere. */
function goalOf(key: string, at: number, tiles: number): number {
  const goals: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: tiles - 1,
  };
  return goals[key] ?? -1;
}
