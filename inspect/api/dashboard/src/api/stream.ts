/**
 * The server's event stream, over fetch. EventSource hides heartbeats, so it cannot tell a quiet
 * line from a dead cable; here silence ends the stream.
 */

import { eventParser, type ServerEvent } from "./sse";

/** Two and a half of the server's heartbeats. */
const SILENCE_MS = 25_000;

/** The events; they end, or throw, when the connection does. `heard` is called for every sign of life. */
export type EventStream = (heard: () => void) => AsyncGenerator<ServerEvent>;

export async function openStream(url: string, signal: AbortSignal): Promise<EventStream> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const response = await fetch(url, {
    headers: { accept: "text/event-stream" },
    cache: "no-store",
    signal: AbortSignal.any([signal, silence.signal]),
  });
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  const chunks = response.body.pipeThrough(new TextDecoderStream());

  async function* events(heard: () => void): AsyncGenerator<ServerEvent> {
    const parse = eventParser();
    const reader = chunks.getReader();
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        heard();
        yield* parse(read.value);
      }
    } finally {
      clearTimeout(timer);
      await reader.cancel().catch(() => undefined); // already broken: nothing left to release
    }
  }
  return events;
}
