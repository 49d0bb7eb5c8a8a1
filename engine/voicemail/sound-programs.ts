/**
 * Programs of this machine that convert, encode and play sound. Node has no well-kept library for any of it without
 * native code: wavefile and node-wav have had no release for years and do not filter when they resample, opusscript
 * encodes packets and leaves the file around them to us. sox, ffmpeg and opus-tools are packages of every system.
 */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { given, mapped } from "../../policy/office/optional.js";
import type { SoundForm } from "./sound-form.js";

export type SoundDone = { readonly ok: true } | { readonly ok: false; readonly why: string };

interface Program {
  readonly name: string;
  /** @param form left out: the program finds out. Undefined is returned for a form that the program does not read. */
  args(from: string, to: string, form?: SoundForm): readonly string[] | undefined;
}

/** To what the telephone network carries: 8 kHz, mono, 16 bit. */
const CONVERTERS: readonly Program[] = [
  {
    name: "sox",
    args: (from, to, form) => {
      const type = form === undefined ? undefined : SOX_TYPES[form];
      if (form !== undefined && type === undefined) return undefined;
      const told = type === undefined ? [] : ["-t", type];
      const cut = form === undefined ? [] : ["trim", "0", String(STRANGERS_SECONDS)];
      const telephone = ["-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer", "-t", "wav"];
      return ["-G", ...told, from, ...telephone, to, ...cut];
    },
  },
  {
    name: "ffmpeg",
    args: (from, to, form) => {
      const told =
        form === undefined
          ? []
          : ["-protocol_whitelist", "file", "-t", String(STRANGERS_SECONDS), "-f", FFMPEG_FORMATS[form]];
      const telephone = ["-ac", "1", "-ar", "8000", "-c:a", "pcm_s16le", "-f", "wav"];
      return [...FFMPEG, ...told, "-i", from, ...telephone, to];
    },
  },
];

const FFMPEG = ["-nostdin", "-v", "error", "-y"];

const SOX_TYPES: { readonly [F in SoundForm]?: string } = {
  wav: "wav",
  ogg: "ogg",
  mp3: "mp3",
  flac: "flac",
};
const FFMPEG_FORMATS: Readonly<Record<SoundForm, string>> = {
  wav: "wav",
  ogg: "ogg",
  webm: "matroska",
  mp3: "mp3",
  mp4: "mov",
  flac: "flac",
};

/** Of a file whose form is said no more is converted: a small file may be hours of silence, and gigabytes as WAV. */
const STRANGERS_SECONDS = 150;
/** A program that takes longer than this with a sound hangs. */
const CONVERT_MS = 30_000;

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
export function convertToTelephone(from: string, to: string, form?: SoundForm): Promise<SoundDone> {
  const limits = given({ form, limitMs: mapped(form, () => CONVERT_MS) });
  return firstThatDoes(CONVERTERS, "converting a sound file", from, to, limits);
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
  { form, limitMs }: { readonly form?: SoundForm; readonly limitMs?: number } = {},
): Promise<SoundDone> {
  const failures: string[] = [];
  for (const { name, args } of programs) {
    const words = args(resolve(from), resolve(to), form);
    if (words === undefined) continue;
    const run = await start(name, words, limitMs);
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

function start(name: string, args: readonly string[], limitMs?: number): Promise<Run> {
  return new Promise((done) => {
    let words = "";
    const child = spawn(name, args, {
      stdio: ["ignore", "ignore", "pipe"],
      killSignal: "SIGKILL",
      ...given({ timeout: limitMs }),
    });
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
