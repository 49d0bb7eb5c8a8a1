/** Sound files that an office names: whether they are there, and whether the switch plays them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ringline } from "../../../fixtures/cli/run-program.js";
import { wavHeader } from "../../voicemail/wav.js";
import { soundFact } from "./sound-header.js";

/** A header with a format of its own; the samples follow. */
function wav(codec: number, channels: number, rate: number, data: Buffer, extra = Buffer.alloc(0)): Buffer {
  const header = wavHeader(8_000, data.length);
  header.writeUInt16LE(codec, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  return Buffer.concat([header.subarray(0, 36), extra, header.subarray(36), data]);
}

const SECOND = Buffer.alloc(16_000);
const LIST = Buffer.concat([Buffer.from("LIST"), Buffer.from([3, 0, 0, 0]), Buffer.from("abc\0")]);
const ofBytes = (bytes: Buffer) => soundFact(bytes, bytes.length);

describe("a sound file", () => {
  it.each([
    ["16 bit mono", wav(1, 1, 8_000, SECOND), 1_000],
    ["stereo at 44.1 kHz", wav(1, 2, 44_100, Buffer.alloc(176_400)), 1_000],
    ["A-law", wav(6, 1, 8_000, SECOND), 1_000],
    ["µ-law", wav(7, 1, 8_000, SECOND), 1_000],
    ["GSM", wav(0x31, 1, 8_000, SECOND), 1_000],
    ["extensible", wav(0xfffe, 1, 8_000, SECOND), 1_000],
    ["with another chunk of odd length before its samples", wav(1, 1, 8_000, SECOND, LIST), 1_000],
    ["whose header was written before the sound", Buffer.concat([wavHeader(8_000, 0), SECOND]), 1_000],
    ["whose header says more than there is", Buffer.concat([wavHeader(8_000, 99_999_999), SECOND]), 1_000],
  ])("is played: %s", (_what, bytes, lengthMs) => {
    expect(ofBytes(bytes)).toEqual({ kind: "sound", lengthMs });
  });

  it.each([
    ["nothing", Buffer.alloc(0), "the file is empty"],
    ["text", Buffer.from("not a sound at all"), "it has no header of a WAV file"],
    ["MP3 with tags", Buffer.from("ID3\x04\x00aaaaaaaaaaaaaaaa"), "it is an MP3 file"],
    ["MP3 frames", Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), SECOND]), "it is an MP3 file"],
    ["Ogg", Buffer.from("OggS\0aaaaaaaaaaaaaaaa"), "it is an Ogg file"],
    ["FLAC", Buffer.from("fLaC\0aaaaaaaaaaaaaaaa"), "it is a FLAC file"],
    ["M4A", Buffer.from("\0\0\0\x20ftypM4A aaaaaaaa"), "it is an MP4 or M4A file"],
    ["a film", Buffer.from("RIFFaaaaAVI LISTaaaa"), "it is a RIFF file, but no WAV file"],
    ["MP3 in a WAV file", wav(0x55, 1, 8_000, SECOND), expect.stringContaining("none of PCM, MS ADPCM")],
    ["six channels", wav(1, 6, 48_000, SECOND), "it has 6 channels"],
    ["no rate", wav(1, 1, 0, SECOND), "its header says no sample rate"],
    ["a header alone", wavHeader(8_000, 0), "there are no samples in it"],
    ["half a header", wavHeader(8_000, 0).subarray(0, 30), "its header is cut off"],
    [
      "no format",
      Buffer.concat([Buffer.from("RIFFaaaaWAVEdata\x04\0\0\0"), SECOND]),
      "its header does not say how it is coded",
    ],
  ])("is refused: %s", (_what, bytes, why) => {
    expect(ofBytes(bytes)).toEqual({ kind: "no_sound", why });
  });
});

describe("`check` and the sounds that an office names", () => {
  const folder = mkdtempSync(join(tmpdir(), "ringline-sounds-"));
  const office = join(folder, "office");
  const other = join(folder, "switch");
  beforeAll(() => {
    mkdirSync(join(office, "greetings"), { recursive: true });
    mkdirSync(join(other, "greetings"), { recursive: true });
    writeFileSync(join(office, "greetings/sales.wav"), wav(1, 1, 8_000, SECOND));
    writeFileSync(join(office, "greetings/broken.wav"), "ID3 this was an MP3 file");
    writeFileSync(join(office, "greetings/long.wav"), wav(1, 1, 8_000, Buffer.alloc(16_000 * 121)));
    writeFileSync(join(other, "greetings/alice.wav"), wav(1, 1, 8_000, SECOND));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const officeWith = (sounds: {
    readonly flow?: string;
    readonly greeting?: string;
    readonly busy?: string;
  }) => {
    const {
      flow = "greetings/sales.wav",
      greeting = "greetings/sales.wav",
      busy = "greetings/sales.wav",
    } = sounds;
    writeFileSync(
      join(office, "office.yaml"),
      `office: { name: Acme, country: US, timezone: America/New_York }
carriers: [{ id: main, proxy: sip.example.net }]
users:
  - username: alice.wong
    name: Alice Wong
    devices: [{ id: desk, sip: alice-desk }]
    voicemail: { greeting: ${greeting}, busy_greeting: ${busy} }
numbers:
  - { number: "+12125550100", steps: [{ announce: ${flow} }, { announce: closed }, { send: user:alice.wong }] }
`,
    );
  };

  async function check(...options: string[]): Promise<{ readonly code: number; readonly found: string[] }> {
    const { out, code } = await ringline("check", office, "--json", ...options);
    const { errors, warnings } = JSON.parse(out) as Record<
      "errors" | "warnings",
      { severity: string; code: string; line: number; suggestion?: string }[]
    >;
    const found = [...errors, ...warnings].map(({ severity, code: what, line, suggestion = "" }) =>
      `${line} ${severity} ${what} ${suggestion}`.trim(),
    );
    return { code, found };
  }

  it.each([
    ["all of them there", {}, [], 0],
    [
      "an announcement that is not",
      { flow: "greetings/sale.wav" },
      ["9 warning missing_sound greetings/sales.wav"],
      0,
    ],
    ["a greeting that is not", { greeting: "greetings/quite-another.wav" }, ["7 warning missing_sound"], 0],
    ["a greeting for busy callers that is not", { busy: "nowhere/a.wav" }, ["7 warning missing_sound"], 0],
    ["one that is no sound", { flow: "greetings/broken.wav" }, ["9 error no_sound"], 1],
    [
      "the same twice",
      { greeting: "greetings/broken.wav", busy: "greetings/broken.wav" },
      ["7 error no_sound", "7 error no_sound"],
      1,
    ],
    ["an announcement that is too long", { flow: "greetings/long.wav" }, ["9 warning long_sound"], 0],
    ["a greeting of that length", { greeting: "greetings/long.wav" }, [], 0],
    ["one that comes with the switch, by its file", { flow: "closed.wav" }, [], 0],
  ])("%s", async (_what, sounds, found, code) => {
    officeWith(sounds);
    expect(await check()).toEqual({ code, found });
  });

  it("are looked for where the switch has them, if it is said", async () => {
    officeWith({ flow: "greetings/alice.wav", greeting: "greetings/alice.wav", busy: "greetings/alice.wav" });
    expect((await check("--sounds", other)).found).toEqual([]);
    officeWith({ greeting: "greetings/alice.wav", busy: "greetings/alice.wav" });
    expect((await check("--sounds", other)).found).toEqual(["9 warning missing_sound"]);
  });
});
