/**
 * Programs of this machine that convert, encode and play sound. Node has no well-kept library for any of it without
 * native code: wavefile and node-wav have had no release for years and do not filter when they resample, opusscript
 * encodes packets and leaves the file around them to us. sox, ffmpeg and opus-tools are packages of every system.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

export type SoundDone = { readonly ok: true } | { readonly ok: false; readonly why: string };

interface Program {
  readonly name: string;
  args(from: string, to: string): readonly string[];
}

/** To what the telephone network carries: 8 kHz, mono, 16 bit. */
const CONVERTERS: readonly Program[] = [
  {
    name: "sox",
    args: (from, to) => [
      "-G",
      from,
      "-r",
      "8000",
      "-c",
      "1",
      "-b",
      "16",
      "-e",
      "signed-integer",
      "-t",
      "wav",
      to,
    ],
  },
  {
    name: "ffmpeg",
    args: (from, to) => [
      ...FFMPEG,
      "-i",
      from,
      "-ac",
      "1",
      "-ar",
      "8000",
      "-c:a",
      "pcm_s16le",
      "-f",
      "wav",
      to,
    ],
  },
];

const FFMPEG = ["-nostdin", "-v", "error", "-y"];

/** 16 kbit/s is an eighth of the size of the WAV file, and telephone speech sounds the same. */
const ENCODERS: readonly Program[] = [
  { name: "opusenc", args: (from, to) => ["--quiet", "--speech", "--bitrate", "16", from, to] },
  {
    name: "ffmpeg",
    args: (from, to) => [
      ...FFMPEG,
      "-i",
      from,
      ...["-c:a", "libopus", "-b:a", "16k", "-application", "voip", "-f", "ogg"],
      to,
    ],
  },
];

const PLAYERS: readonly Program[] = [
  { name: "aplay", args: (from) => ["-q", from] },
  { name: "paplay", args: (from) => [from] },
  { name: "afplay", args: (from) => [from] },
  { name: "play", args: (from) => ["-q", from] },
];

/** Makes a WAV file of 8 kHz, mono, 16 bit out of any sound file that the program found can read. */
export function convertToTelephone(from: string, to: string): Promise<SoundDone> {
  return firstThatDoes(CONVERTERS, "converting a sound file", from, to);
}

/** Makes an Ogg Opus file (RFC 7845) out of a WAV file. */
export function encodeOpus(from: string, to: string): Promise<SoundDone> {
  return firstThatDoes(ENCODERS, "encoding Opus", from, to);
}

/** Plays a WAV file on this machine; resolves when it has been heard. */
export function playSound(path: string): Promise<SoundDone> {
  return firstThatDoes(PLAYERS, "playing a sound", path, "");
}

type Run =
  | { readonly outcome: "done" }
  | { readonly outcome: "missing" }
  | { readonly outcome: "failed"; why: string };

/** Runs the first program that is installed and succeeds. Absolute paths cannot be taken for options or pipes. */
async function firstThatDoes(
  programs: readonly Program[],
  what: string,
  from: string,
  to: string,
): Promise<SoundDone> {
  const failures: string[] = [];
  for (const { name, args } of programs) {
    const run = await start(name, args(resolve(from), resolve(to)));
    if (run.outcome === "done") return { ok: true };
    if (run.outcome === "failed") failures.push(`${name}: ${run.why}`);
  }
  const names = programs.map(({ name }) => name).join(", ");
  return {
    ok: false,
    why:
      failures.length > 0
        ? failures.join("; ")
        : `${what} needs one of these programs: ${names}; none is installed`,
  };
}

/** Characters shown of what a program says about its failure. */
const WORDS_MAX = 300;

function start(name: string, args: readonly string[]): Promise<Run> {
  return new Promise((done) => {
    let words = "";
    const child = spawn(name, args, { stdio: ["ignore", "ignore", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words += text;
    });
    child.on("error", (error) =>
      done(
        "code" in error && error.code === "ENOENT"
          ? { outcome: "missing" }
          : { outcome: "failed", why: error.message },
      ),
    );
    child.on("close", (code, signal) => {
      const said = words.trim().replace(/\s+/g, " ").slice(0, WORDS_MAX);
      done(
        code === 0 ? { outcome: "done" } : { outcome: "failed", why: said || `ended with ${code ?? signal}` },
      );
    });
  });
}
