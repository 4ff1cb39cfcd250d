import type { Finding, Verdict } from "../../api/types";
import { useSpeech } from "../../i18n/Words";
import styles from "./FindingMarks.module.css";
import { grown, labelSides, place, type Rect, type Size } from "./geometry";

/** The outline stands this far outside the box, so that it hides nothing of a small defect. */
const OUTLINE_PX = 3;
const LABEL_HEIGHT_PX = 34;
/** More labels than this hide the part; every finding is outlined all the same. */
const MOST_LABELS = 8;

interface Props {
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
  readonly frame: Size;
  readonly stage: Size;
  readonly picture: Rect;
}

/** The findings drawn over their picture, the strongest labelled with their class. */
export function FindingMarks({ findings, verdict, frame, stage, picture }: Props) {
  const { words } = useSpeech();
  const boxes = findings.map(({ boxPx }) => grown(place(boxPx, frame, picture), OUTLINE_PX));
  const known: Readonly<Record<string, string>> = words.finding;
  return (
    <>
      <svg className={styles.marks} data-verdict={verdict} aria-hidden="true">
        {boxes.map(({ left, top, width, height }, index) => {
          const shape = { x: left, y: top, width, height, rx: 2 };
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a finding has no identity but its place
            <g key={index}>
              <rect className={styles.halo} {...shape} />
              <rect className={styles.outline} data-finding={index} {...shape} />
            </g>
          );
        })}
      </svg>
      <ul className={styles.labels} data-verdict={verdict} aria-label={words.part.findings}>
        {findings.slice(0, MOST_LABELS).map((finding, index) => {
          const box = boxes[index];
          if (box === undefined) return null;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a finding has no identity but its place
            <li key={index} style={anchor(box, stage)}>
              {known[finding.className] ?? finding.className}
            </li>
          );
        })}
      </ul>
    </>
  );
}

function anchor(box: Rect, stage: Size) {
  const { below, fromRight } = labelSides(box, stage, LABEL_HEIGHT_PX);
  const across = fromRight
    ? { right: stage.width - box.left - box.width }
    : { left: Math.max(0, box.left) };
  return below
    ? { ...across, top: box.top + box.height + OUTLINE_PX }
    : { ...across, bottom: stage.height - box.top + OUTLINE_PX };
}
