/** English. */

export const en = {
  title: "EdgeInspect",
  ownName: "English",
  shortName: "EN",
  language: "Language",
  stationLabel: "Station",

  verdict: { pass: "OK", fail: "NG", review: "REVIEW" },
  meaning: {
    pass: "No defect found",
    fail: "This part is rejected",
    review: "Check this part by eye",
  },
  reason: {
    above_threshold: "Looks too different from good parts",
    near_threshold: "Close to the limit",
    score_unknown: "The score could not be worked out",
    frame_unreadable: "The picture could not be read",
    frame_unlike_taught: "The picture is unlike those the model was taught on",
    part_unplaced: "The part was not found, or could not be turned upright",
    judge_failed: "The model could not judge this part",
    serial_unread: "The serial number could not be read",
    station_interrupted: "The station was interrupted at this part",
  },
  finding: { anomaly: "anomaly" },
  purpose: {
    production: "Production",
    commissioning: "Commissioning",
    challenge: "Challenge part",
    golden: "Golden part",
    replay: "Replay",
  },

  part: {
    noSerial: "no serial",
    partId: "Part",
    score: (score: string, limit: string) => `Score ${score} (limit ${limit})`,
    ago: (age: string) => `${age} ago`,
    justNow: "just now",
    picture: (part: string) => `Picture of part ${part}`,
    findings: "Findings",
    onItsWay: "The picture is on its way",
    notKept: "No picture was kept of this part",
  },

  freshness: {
    live: "LIVE",
    pinned: "PINNED",
    waiting: (age: string) => `No new part for ${age}`,
    notLive: "NOT LIVE",
    stopped: "NOT LIVE",
    lastPart: (verdict: string, time: string) => `The last part was ${verdict}, at ${time}`,
    connecting: "Connecting",
    nothingYet: "Waiting for the first part",
  },
  backToLive: "Back to live",
  newerParts: (parts: string) => `${parts} newer`,

  shift: {
    title: "This shift",
    since: (time: string) => `since ${time}`,
    inspected: "Inspected",
    defectRate: "NG rate",
    firstPassYield: "First-pass yield",
    interval: (low: string, high: string) => `95% interval ${low} – ${high}`,
    none: "No parts yet",
  },

  strip: {
    title: (parts: string) => `Last ${parts} parts`,
    empty: "Parts appear here as they are inspected",
  },

  mode: {
    starting: "Starting",
    running: "Running",
    degraded: "Degraded",
    paused: "Paused",
    fault: "Fault",
    stopped: "Stopped",
    offline: "Offline",
    unknown: "Unknown",
  },
  modeMeaning: {
    starting: "The station is starting",
    degraded: "The station runs with a limitation",
    paused: "The station is paused and inspects nothing",
    fault: "The station is in fault and inspects nothing",
    stopped: "The station was stopped and inspects nothing",
    offline: "The station does not answer",
  },
  since: (time: string, age: string) => `since ${time} (${age})`,
  connectionLost: "No connection to the server. What you see is not live.",
  reconnecting: "Reconnecting by itself",
  nothingArrives: "The server gets no messages from the stations",
  noStation: "No station has reported yet",
} as const;
