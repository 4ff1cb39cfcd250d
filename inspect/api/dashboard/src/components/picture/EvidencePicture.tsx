import { type ReactNode, useState } from "react";
import { evidenceUrl } from "../../api/client";
import type { Evidence } from "../../api/types";
import type { Rect } from "./geometry";

interface Props {
  readonly evidence: Evidence;
  /** Changes when it is worth asking for the picture again; null while it is not due. */
  readonly attempt: string | null;
  readonly alt: string;
  /** Where the picture lies in its parent; without one the style sheet decides. */
  readonly place?: Rect;
  /** Stands in for the picture until it has arrived. */
  readonly absent: ReactNode;
  /** What is drawn over the picture. */
  readonly children?: ReactNode;
}

/** A kept picture, or what stands in for it until it has arrived. */
export function EvidencePicture(props: Props) {
  const { evidence, attempt, alt, place, absent, children } = props;
  const [failedAt, setFailedAt] = useState<string | null>(null);
  const token = `${evidence.sha256}/${attempt}`;
  if (attempt === null || token === failedAt) return absent;
  return (
    <>
      <img
        key={evidence.sha256}
        src={evidenceUrl(evidence.sha256)}
        alt={alt}
        style={place}
        decoding="async"
        draggable={false}
        onError={() => setFailedAt(token)}
      />
      {children}
    </>
  );
}
