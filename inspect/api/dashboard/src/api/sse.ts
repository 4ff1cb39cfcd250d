/** Server-sent events, parsed as the HTML standard has it (section 9.2.6), without reconnection. */

export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** Return a function that takes chunks of the stream and gives the events they complete. */
export function eventParser(): (chunk: string) => ServerEvent[] {
  let rest = "";
  return (chunk) => {
    const blocks = (rest + chunk).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.map(parseBlock).filter((event) => event !== null);
  };
}

function parseBlock(block: string): ServerEvent | null {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [field = "", value = ""] = splitOnce(line);
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? null : { name, data: data.join("\n") };
}

function splitOnce(line: string): readonly string[] {
  const colon = line.indexOf(":");
  if (colon < 0) return [line];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}
