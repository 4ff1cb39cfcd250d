import type { KeyboardEvent } from "react";
import type { Inspection } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import styles from "./PartStrip.module.css";
import { PartTile } from "./PartTile";

interface Props {
  readonly parts: readonly Inspection[];
  readonly pinned: Inspection | null;
  readonly attemptOf: (part: Inspection) => string | null;
  readonly onPin: (part: Inspection) => void;
  readonly onUnpin: () => void;
}

/** The last parts, the newest first; choosing one pins it, choosing it again lets it go. */
export function PartStrip({ parts, pinned, attemptOf, onPin, onUnpin }: Props) {
  const { words } = useSpeech();
  if (parts.length === 0) return <p className={styles.empty}>{words.strip.empty}</p>;
  const reachable = parts.some(({ id }) => id === pinned?.id) ? pinned?.id : parts[0]?.id;
  return (
    <nav aria-label={words.strip.title(`${parts.length}`)}>
      <ol className={styles.strip} onKeyDown={moveFocus}>
        {parts.map((part) => (
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

/** Arrow keys walk along the strip, so that Tab passes it in one step. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>) {
  const tiles = [...event.currentTarget.querySelectorAll("button")];
  const at = tiles.findIndex((tile) => tile.contains(event.target as Node));
  const goals: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: tiles.length - 1,
  };
  const goal = tiles[goals[event.key] ?? -1];
  if (goal === undefined) return;
  event.preventDefault();
  goal.focus();
}
