/** Headers, whole and broken, and the measured sound of samples made by hand. */
import { describe, expect, it } from "vitest";
import { noise, speech } from "../../fixtures/core/line.js";
import { toneWav } from "../../fixtures/tone-wav.js";
import type { SilenceLevel } from "../../policy/mailbox/silence.js";
import { lengthFields, readWavHeader, SoundSpan } from "./wav.js";

describe("a WAV header", () => {
  it("says where the samples are", () => {
    expect(readWavHeader(toneWav(100))).toEqual({ rate: 8_000, dataAt: 44, dataBytesSaid: 1_600 });
  });

  it("is understood with chunks before the samples", () => {
    const plain = toneWav(100);
    const chunk = Buffer.from("LIST\x03\0\0\0abc\0", "latin1");
    const file = Buffer.concat([plain.subarray(0, 36), chunk, plain.subarray(36)]);
    expect(readWavHeader(file)?.dataAt).toBe(44 + chunk.length);
  });

  it.each([
    ["no bytes", Buffer.alloc(0)],
    ["half a header", toneWav(100).subarray(0, 30)],
    ["another file", Buffer.from("x".repeat(100))],
    ["stereo", patched(22, 2)],
    ["8 bits", patched(34, 8)],
    ["a header without samples", toneWav(0).subarray(0, 36)],
  ])("is not seen in %s", (_what, file) => {
    expect(readWavHeader(file)).toBeUndefined();
  });

  it("is made to say what is there, whole samples only", () => {
    const file = Buffer.concat([patched(40, 0), Buffer.from([1])]);
    const layout = readWavHeader(file);
    if (layout === undefined) throw new Error("no header");
    expect(lengthFields(layout, file.length)).toEqual([
      [4, 36 + 1_600],
      [40, 1_600],
    ]);
  });
});

describe("the sound in a recording", () => {
  function soundMs(samples: Buffer, pieceBytes: number): number {
    const span = new SoundSpan(8_000);
    for (let at = 0; at < samples.length; at += pieceBytes) span.add(samples.subarray(at, at + pieceBytes));
    return span.soundMs;
  }
  const silence = (ms: number) => Buffer.alloc(ms * 16);
  const tone = (ms: number) => toneWav(ms).subarray(44);

  it.each([1, 2, 7, 320, 4_096, 1_000_000])("is the same heard in pieces of %i bytes", (pieceBytes) => {
    const samples = Buffer.concat([silence(500), tone(1_000), silence(300), tone(200), silence(900)]);
    expect(soundMs(samples, pieceBytes)).toBe(1_500);
  });

  it("is nothing in silence", () => {
    expect(soundMs(silence(5_000), 4_096)).toBe(0);
  });
});

function patched(at: number, value: number): Buffer {
  const file = toneWav(100);
  if (at === 40) file.writeUInt32LE(value, at);
  else file.writeUInt16LE(value, at);
  return file;
}

describe("what counts as sound on a line", () => {
  const heard = (samples: Buffer, level: SilenceLevel = "auto") => {
    const span = new SoundSpan(8_000, level);
    span.add(samples);
    return span;
  };

  it.each([
    ...[0, 4, 8, 20].map((line) => [30, line] as const),
    ...[0, 8, 20, 40, 60, 80].map((line) => [150, line] as const),
  ])("speech with a mean of %i on a line with a noise of %i is all heard", (mean, line) => {
    const samples = Buffer.concat([noise(500, line), speech(15_000, mean, line), noise(2_000, line)]);
    expect(heard(samples).soundMs).toBeGreaterThan(14_000);
    expect(heard(samples).quietMs).toBeGreaterThan(1_900);
  });

  it.each([0, 4, 8, 12, 20, 40, 60, 80, 100])("a noise of %i alone is silence", (line) => {
    const span = heard(noise(10_000, line));
    expect([span.soundMs, span.quietMs]).toEqual([0, 10_000]);
  });

  it.each([
    ["one gap", [[2_000, 200]]],
    ["a gap at the beginning", [[0, 200]]],
    ["a gap at the end", [[9_800, 200]]],
    ["a gap of a third of a second", [[3_000, 340]]],
    ["a gap every five seconds", Array.from({ length: 12 }, (_, gap) => [2_000 + gap * 5_000, 200])],
    ["a whole second without packets", [[4_000, 1_000]]],
    ["many single packets", Array.from({ length: 20 }, (_, gap) => [100 + gap * 1_000, 20])],
  ] as Array<[string, Array<[number, number]>]>)("%s in a noise is no measure of the line", (_what, gaps) => {
    const ms = Math.max(10_000, ...gaps.map(([at, length]) => Math.max(at + 5_000, 25 * length)));
    for (const line of [8, 20, 60, 100])
      for (const filled of [0, 12]) {
        const samples = noise(ms, line);
        for (const [at, length] of gaps) noise(length, filled).copy(samples, at * 16);
        const span = heard(samples);
        expect([line, filled, span.soundMs, span.quietMs]).toEqual([line, filled, 0, ms]);
      }
  });

  it.each([[100], [200], [300], [500], [1_000]])(
    "after speech with a gap of %i ms, silence on a noisy line is silence",
    (length) => {
      for (const at of [0, 500, 2_000, 4_500]) {
        const samples = Buffer.concat([noise(500, 50), speech(4_000, 150, 50), noise(17_000, 50)]);
        if (at === 0 && length > 200) continue;
        noise(length, 12).copy(samples, at * 16);
        expect(heard(samples).quietMs).toBeGreaterThan(16_000);
      }
    },
  );

  it.each([
    [30, 0],
    [30, 8],
    [150, 40],
  ])("speech with a mean of %i on a noise of %i is heard also by whom it begins at once", (mean, line) => {
    for (const ms of [3_000, 6_000, 15_000, 60_000]) {
      const span = heard(speech(ms, mean, line));
      expect(span.soundMs).toBeGreaterThan(ms - 1_000);
      expect(span.quietMs).toBeLessThan(1_000);
    }
  });

  it("a quiet tone is heard that is not there all the time", () => {
    expect(heard(Buffer.concat([noise(300, 0), speech(5_000, 30, 0, "even")])).soundMs).toBe(5_000);
  });

  it("what is even is noise up to a loudness that no line has, and sound from there on", () => {
    expect(heard(speech(5_000, 130, 0, "even")).soundMs).toBe(0);
    expect(heard(speech(5_000, 150, 0, "even")).soundMs).toBe(5_000);
  });

  it("a level that the office sets counts, whatever the noise", () => {
    expect(heard(noise(5_000, 60), 50).soundMs).toBe(5_000);
    expect(heard(noise(5_000, 60), 80).soundMs).toBe(0);
  });

  it("everything is sound where silence is not looked for", () => {
    expect(heard(noise(5_000, 0), "off").soundMs).toBe(5_000);
  });
});
