/**
 * Makes modesl's parser fit for a long-lived connection: its buffers are bounded; percent-decoding, which can throw,
 * is left out (the replies of an inbound connection are never encoded); no Event objects are made; a large body is
 * joined once instead of copied with every chunk. Members of the one parser instance are replaced at run time.
 */
import type { Parser } from "modesl";

/** One message of the event socket. */
export interface Frame {
  readonly type: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string;
}

export interface FrameHandlers {
  frame(frame: Frame): void;
  /** The stream cannot be understood any more; the rest of it is not read. */
  broken(reason: string): void;
}

/** Headers of a message take a few hundred bytes; a stream with more is not an event socket's. */
export const HEADER_BYTES_MAX = 65_536;

/** The largest body: a table of ten thousand registrations takes some five megabytes. */
export const BODY_BYTES_MAX = 33_554_432;

/** The parser recurses once for each message, so it gets the stream in slices that bound its depth. */
const SLICE_BYTES_MAX = 16_384;

/** Takes a parser over. Returns the function that must get the bytes of the socket from now on. */
export function takeOver(parser: Parser, handlers: FrameHandlers): (chunk: Buffer) => void {
  let stopped = false;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const stop = (reason: string): void => {
    if (stopped) return;
    stopped = true;
    held = [];
    handlers.broken(reason);
  };

  parser._parseHeaderText = (text) => {
    if (stopped) return {};
    const headers = readHeaders(text);
    const length = headers["Content-Length"];
    if (length === undefined || isBodyLength(length)) return headers;
    stop(`impossible Content-Length ${String(length)}`);
    return {};
  };

  parser._parseEvent = (headers, body) => {
    if (!stopped) handlers.frame({ type: String(headers["Content-Type"] ?? ""), headers, body: body ?? "" });
  };

  /** Adds to the body being read; returns the rest of the slice behind it. */
  const feedBody = (slice: Buffer): Buffer => {
    const missing = parser.bodyLen - parser.buffer.length - heldBytes;
    const part = slice.subarray(0, missing);
    held.push(part);
    heldBytes += part.length;
    if (part.length < missing) return slice.subarray(part.length);
    const whole = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    parser._onData(whole);
    return slice.subarray(part.length);
  };

  const feed = (slice: Buffer): void => {
    let rest = slice;
    while (rest.length > 0 && !stopped) {
      if (parser.bodyLen > 0) {
        rest = feedBody(rest);
        continue;
      }
      parser._onData(rest);
      rest = rest.subarray(rest.length);
    }
    if (parser.bodyLen === 0 && parser.buffer.length > HEADER_BYTES_MAX)
      stop(`a header of more than ${HEADER_BYTES_MAX} bytes`);
  };

  return (chunk) => {
    try {
      for (let at = 0; at < chunk.length && !stopped; at += SLICE_BYTES_MAX)
        feed(chunk.subarray(at, at + SLICE_BYTES_MAX));
    } catch (error) {
      stop(`the stream could not be read: ${String(error)}`);
    }
  };
}

/** Reads `Name: value` lines; a value keeps everything after the first `: `. Content-Length becomes a number. */
function readHeaders(text: string): Record<string, string | number> {
  const headers: Record<string, string | number> = Object.create(null);
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon);
    const value = line.slice(line.charAt(colon + 1) === " " ? colon + 2 : colon + 1);
    headers[name] = name === "Content-Length" ? Number(value.trim() === "" ? Number.NaN : value) : value;
  }
  return headers;
}

function isBodyLength(length: string | number): boolean {
  return typeof length === "number" && Number.isInteger(length) && length >= 0 && length <= BODY_BYTES_MAX;
}
