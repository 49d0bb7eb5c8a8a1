/**
 * Goal: frames are right however the network delivers the byte stream: cut anywhere, broken, or endless. Method: chunks
 * are fed into the library's parser after `takeOver`; no sockets.
 */
import { EventEmitter } from "node:events";
import fc from "fast-check";
import esl from "modesl";
import { describe, expect, it } from "vitest";
import { BODY_BYTES_MAX, type Frame, HEADER_BYTES_MAX, takeOver } from "./framing.js";

function reader() {
  const frames: Frame[] = [];
  const broken: string[] = [];
  const feed = takeOver(new esl.Parser(new EventEmitter()), {
    frame: (frame) => frames.push(frame),
    broken: (reason) => broken.push(reason),
  });
  return { frames, broken, feed };
}

const event = JSON.stringify({ "Event-Name": "CUSTOM", name: "Zoë 東京 🙂", _body: "one\n\ntwo" });
const stream = Buffer.from(
  [
    "Content-Type: auth/request\n\n",
    "Content-Type: command/reply\nReply-Text: -ERR a: b: c %E9 %\n\n",
    `Content-Length: ${Buffer.byteLength(event)}\nContent-Type: text/event-json\n\n${event}`,
    "Content-Type: api/response\nContent-Length: 11\n\nbody\n\nbody\n",
    "Content-Type: command/reply\nReply-Text: +OK\n\n",
  ].join(""),
);
const expected = [
  ["auth/request", undefined, ""],
  ["command/reply", "-ERR a: b: c %E9 %", ""],
  ["text/event-json", undefined, event],
  ["api/response", undefined, "body\n\nbody\n"],
  ["command/reply", "+OK", ""],
];
const seen = (frames: readonly Frame[]) =>
  frames.map((frame) => [frame.type, frame.headers["Reply-Text"], frame.body]);

describe("frames of the event socket", () => {
  it("are the same wherever the stream is cut in two", () => {
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const { frames, broken, feed } = reader();
      feed(stream.subarray(0, cut));
      feed(stream.subarray(cut));
      expect(seen(frames)).toEqual(expected);
      expect(broken).toEqual([]);
    }
  });

  it("are the same byte by byte, and in chunks of any size", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const { frames, feed } = reader();
        let at = 0;
        for (let n = 0; at < stream.length; n += 1) {
          const size = sizes[n % sizes.length] ?? 1;
          feed(stream.subarray(at, at + size));
          at += size;
        }
        expect(seen(frames)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("come through when a megabyte of small ones arrives at once", () => {
    const { frames, broken, feed } = reader();
    const small = "Content-Type: command/reply\nReply-Text: +OK\n\n";
    const count = Math.ceil(1_048_576 / small.length);
    feed(Buffer.from(small.repeat(count)));
    expect(frames).toHaveLength(count);
    expect(broken).toEqual([]);
  });

  it("may have a body of ten megabytes in network-sized chunks", () => {
    const { frames, feed } = reader();
    const body = Buffer.alloc(10_485_760, "x");
    feed(Buffer.from(`Content-Type: api/response\nContent-Length: ${body.length}\n\n`));
    for (let at = 0; at < body.length; at += 1448) feed(body.subarray(at, at + 1448));
    feed(Buffer.from("Content-Type: command/reply\nReply-Text: +OK\n\n"));
    expect(frames.map((frame) => frame.body.length)).toEqual([body.length, 0]);
  });

  it.each([
    ["a negative length", "Content-Length: -5\n\n"],
    ["a length that is no number", "Content-Length: abc\n\n"],
    ["an empty length", "Content-Length: \n\n"],
    ["a broken length", "Content-Length: 1.5\n\n"],
    ["a body beyond the bound", `Content-Length: ${BODY_BYTES_MAX + 1}\n\n`],
    ["a header without end", "X".repeat(HEADER_BYTES_MAX + 1)],
  ])("end with %s: said once, and nothing is read after it", (_what, text) => {
    const { frames, broken, feed } = reader();
    feed(Buffer.from(text));
    feed(stream);
    expect(broken).toHaveLength(1);
    expect(frames).toEqual([]);
  });

  it("a header just within its bound is read", () => {
    const { frames, broken, feed } = reader();
    feed(Buffer.from(`X: ${"y".repeat(HEADER_BYTES_MAX - 10)}`));
    feed(Buffer.from("\n\n"));
    expect(broken).toEqual([]);
    expect(frames).toHaveLength(1);
  });

  it("never throw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const { broken, feed } = reader();
        for (const chunk of chunks) feed(Buffer.from(chunk));
        expect(broken.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
