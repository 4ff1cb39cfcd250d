import { expect, test } from "vitest";
import { decodeCounts, decodeInspection, decodeStation } from "./decode";

const WIRE = {
  schema: "edgeinspect.inspection/1",
  id: "0190",
  site: "site",
  line: "line-1",
  station: "station-1",
  captured_at: "2026-03-01T08:00:00Z",
  part_id: "P1",
  purpose: "challenge",
  context: { serial: "S1" },
  verdict: "fail",
  reasons: [{ code: "above_threshold", text: "score 2 reaches the threshold 1" }],
  score: 2,
  threshold: 1,
  findings: [{ class: "dent", score: 2, box_px: [1, 2, 3, 4] }],
  evidence: [{ sha256: "ab", width: 640, height: 480 }],
};

test("an inspection of the contract is read", () => {
  expect(decodeInspection(WIRE, 0)).toEqual({
    id: "0190",
    site: "site",
    line: "line-1",
    station: "station-1",
    capturedAtMs: Date.UTC(2026, 2, 1, 8),
    receivedAtMs: 0,
    partId: "P1",
    serial: "S1",
    purpose: "challenge",
    verdict: "fail",
    reasons: WIRE.reasons,
    score: 2,
    threshold: 1,
    findings: [{ className: "dent", score: 2, boxPx: [1, 2, 3, 4] }],
    picture: { sha256: "ab", width: 640, height: 480 },
    views: [],
  });
});

test.each(Object.keys(WIRE))("an inspection without %s does no harm", (missing) => {
  const wire = Object.fromEntries(Object.entries(WIRE).filter(([name]) => name !== missing));
  const part = decodeInspection(wire, 0);
  if (missing === "id" || missing === "captured_at") expect(part).toBeNull();
  else expect(part?.id).toBe("0190");
});

test.each([undefined, null, 7, "unsure", {}])(
  "the verdict %j is a review, never a pass",
  (verdict) => {
    expect(decodeInspection({ ...WIRE, verdict }, 0)?.verdict).toBe("review");
  },
);

test("a view that said nothing has no verdict, and an unknown one is a review", () => {
  const views = [
    { station: "top", inspection: "0191", verdict: "pass" },
    { station: "side", inspection: null, verdict: null },
    { station: "back", inspection: "0192", verdict: "unsure" },
    null,
  ];
  expect(decodeInspection({ ...WIRE, views }, 0)?.views).toEqual([
    { station: "top", inspection: "0191", verdict: "pass" },
    { station: "side", inspection: null, verdict: null },
    { station: "back", inspection: "0192", verdict: "review" },
  ]);
});

test("findings without a whole box are left out", () => {
  const findings = [{ class: "dent", score: 1, box_px: [1, 2, 3] }, null, ...WIRE.findings];
  expect(decodeInspection({ ...WIRE, findings }, 0)?.findings).toHaveLength(1);
});

test("a picture of the part before is not shown as the part's own", () => {
  const before = { ...WIRE.evidence[0], sha256: "cd", kind: "before" };
  const decode = (evidence: unknown) => decodeInspection({ ...WIRE, evidence }, 0)?.picture;
  expect(decode([before])).toBeNull();
  expect(decode([before, ...WIRE.evidence])?.sha256).toBe("ab");
});

test("rates are null before there are parts", () => {
  const empty = { start: "2026-03-01T08:00:00Z", defect_rate: null };
  expect(decodeCounts(empty)).toMatchObject({ inspected: 0, defectRate: null });
});

test("a station mode this page does not know is unknown", () => {
  expect(decodeStation({ station: "a", mode: "dancing" })?.mode).toBe("unknown");
});
