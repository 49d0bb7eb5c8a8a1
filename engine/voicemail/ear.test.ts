/**
 * Goal: silence is heard in a recording that is being made, whatever the noise of the line and however quiet the caller,
 * and nothing else is taken for silence. Method: files that grow as the switch writes them, on a virtual clock.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { noise, speech } from "../../fixtures/core/line.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { OpenRecording } from "../../policy/call/phase-run.js";
import { Ear } from "./ear.js";
import { Recordings } from "./recordings.js";
import { wavHeader } from "./wav.js";

const SILENCE_MS = 5_000;
const RECORDING: OpenRecording = {
  id: "a",
  limitMs: 60_000,
  silenceMs: SILENCE_MS,
  silenceLevel: "auto",
};

let folder: string;
let clock: VirtualClock;
let ear: Ear;
let looks: number;
let silences: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-ear-"));
  clock = new VirtualClock();
  looks = 0;
  silences = 0;
  const recordings = new Recordings(folder, 0);
  ear = new Ear({
    clock,
    recordings: {
      growing: (id, level) => {
        const sound = recordings.growing(id, level);
        return {
          quietMs: async () => {
            const quietMs = await sound.quietMs();
            looks += 1;
            return quietMs;
          },
        };
      },
    },
  });
});

afterEach(() => {
  ear.close();
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, "a.wav");
const listen = (more: Partial<OpenRecording> = {}) =>
  ear.listen({ ...RECORDING, ...more }, () => {
    silences += 1;
  });

/** The switch records so much more, second by second, while time passes. */
async function records(samples: Buffer): Promise<void> {
  for (let at = 0; at < samples.length; at += 16_000) {
    appendFileSync(path(), samples.subarray(at, at + 16_000));
    await pass(1_000);
  }
}

/** Lets time pass; looks that are due read the file. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    const before = looks;
    const due = clock.pending;
    clock.advanceBy(500);
    // A timer that fired is a look under way, which arms the next one when it has read the file.
    while (clock.pending < due && looks === before) await stat(folder);
    await Promise.resolve();
    await Promise.resolve();
  }
}

function begins(): void {
  writeFileSync(path(), wavHeader(8_000, 0));
}

const LINES = [0, 8, 20, 60] as const;

describe.each(LINES)("on a line with a noise of %i", (line) => {
  it("silence ends the recording after as long as the mailbox says, and no sooner", async () => {
    begins();
    listen();
    await records(speech(4_000, 300, line));
    await records(noise(4_000, line));
    expect(silences).toBe(0);
    await records(noise(3_000, line));
    expect(silences).toBeGreaterThan(0);
  });

  it.each([30, 60, 150].filter((level) => level >= 2 * line))(
    "speech with a mean of %i is no silence, for however long",
    async (level) => {
      begins();
      listen();
      await records(noise(500, line));
      await records(speech(30_000, level, line));
      expect(silences).toBe(0);
    },
  );
});

it("a tone that is quiet and even is no silence when the line was heard without it", async () => {
  begins();
  listen();
  await records(noise(500, 4));
  await records(speech(15_000, 30, 4, "even"));
  expect(silences).toBe(0);
});

it("a file that does not grow, or is not there, is no silence", async () => {
  listen();
  await pass(20_000);
  begins();
  await records(speech(1_000, 300, 0));
  await pass(20_000);
  expect(looks).toBeGreaterThan(10);
  expect(silences).toBe(0);
});

it("silence is said again until the listening is ended, as the command to stop may be lost", async () => {
  begins();
  const stop = listen();
  await records(noise(9_000, 0));
  const before = silences;
  expect(before).toBeGreaterThan(1);
  stop();
  await pass(5_000);
  expect(silences).toBe(before);
  expect(clock.pending).toBe(0);
});

it.each([
  ["no silence ends a message", { silenceMs: null }],
  ["nothing counts as silence", { silenceLevel: "off" }],
] as const)("nobody listens where %s", async (_what, more) => {
  begins();
  listen(more);
  await records(noise(10_000, 0));
  expect([looks, silences]).toEqual([0, 0]);
});

it("a fixed level counts as the office sets it", async () => {
  begins();
  listen({ silenceLevel: 500 });
  await records(speech(10_000, 150, 0));
  expect(silences).toBeGreaterThan(0);
});
