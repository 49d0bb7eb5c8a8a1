/** `ringline voicemail play` and `export`: the sound of a message, heard on this machine or copied to a file. */
import { constants } from "node:fs";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Store } from "../../../storage/store.js";
import type { Message } from "../../../storage/voicemail.js";
import { Recordings } from "../../voicemail/recordings.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type CommonOptions, one, RECORDINGS_OPTION } from "./common.js";
import { encodeOpus, playSound, type SoundDone } from "./sound-programs.js";

const FORMATS = ["wav", "opus"] as const;

interface PlayOptions extends CommonOptions {
  readonly recordings: string;
  readonly for?: string;
}

interface ExportOptions extends CommonOptions {
  readonly recordings: string;
  readonly to: string;
  readonly format: (typeof FORMATS)[number];
}

export function registerSound(voicemail: Command, terminal: Terminal): void {
  one<PlayOptions>(
    voicemail,
    terminal,
    "play",
    "play a message on this machine (with aplay, paplay, afplay or play)",
    (command) =>
      command
        .requiredOption(...RECORDINGS_OPTION)
        .option("--for <username>", "who hears it: it is no new message to them any more"),
    play,
  );
  one<ExportOptions>(
    voicemail,
    terminal,
    "export",
    "copy a message's sound to a file",
    (command) =>
      command
        .requiredOption(...RECORDINGS_OPTION)
        .requiredOption("--to <file>", "a file that does not exist yet, or a folder")
        .addOption(
          new Option(
            "--format <format>",
            "wav as it was recorded; opus is an eighth of that, and needs opusenc or ffmpeg",
          )
            .choices(FORMATS)
            .default("wav"),
        ),
    exportSound,
  );
}

/** Where its sound is, and whether it is as it was recorded; or why it cannot be heard. */
async function soundOf(
  message: Message,
  folder: string,
): Promise<
  | { readonly ok: true; readonly path: string; readonly intact: boolean }
  | { readonly ok: false; readonly why: string }
> {
  const recordings = new Recordings(resolve(folder));
  const path = recordings.path(message.id);
  const sound = await recordings.measure(message.id);
  return typeof sound === "string"
    ? { ok: false, why: `the sound of message ${message.id} is ${sound}: ${path}` }
    : { ok: true, path, intact: sound.sha256 === message.sha256 };
}

function sayIntact(message: Message, intact: boolean, terminal: Terminal): void {
  if (!intact) terminal.err(`the sound of message ${message.id} is not as it was recorded\n`);
}

async function play(store: Store, message: Message, options: PlayOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const view = message.members.find(({ username }) => username === options.for);
  if (options.for !== undefined && view === undefined) {
    failed(terminal, `message ${message.id.slice(0, 8)} is none of ${options.for}'s`, json);
    return;
  }
  const sound = await soundOf(message, options.recordings);
  if (!sound.ok) {
    failed(terminal, sound.why, json);
    return;
  }
  sayIntact(message, sound.intact, terminal);
  const played = await playSound(sound.path);
  if (!played.ok) {
    failed(terminal, `not played: ${played.why}; \`ringline voicemail export\` copies it to a file`, json);
    return;
  }
  // Saved and deleted ones stay so.
  if (view?.state === "new")
    await store.voicemail.mark(message.id, view.username, "heard", terminal.clock.nowMs());
  if (json) terminal.out(`${JSON.stringify({ ok: true, message: message.id, intact: sound.intact })}\n`);
  terminal.exit(EXIT_OK);
}

async function exportSound(
  _store: Store,
  message: Message,
  options: ExportOptions,
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  const sound = await soundOf(message, options.recordings);
  if (!sound.ok) {
    failed(terminal, sound.why, json);
    return;
  }
  const to = await target(options.to, `${message.id}.${options.format}`);
  const copied = await (options.format === "wav" ? copyNew(sound.path, to) : encodeNew(sound.path, to));
  if (!copied.ok) {
    failed(terminal, `not copied: ${copied.why}`, json);
    return;
  }
  sayIntact(message, sound.intact, terminal);
  if (json) terminal.out(`${JSON.stringify({ ok: true, file: to, intact: sound.intact })}\n`);
  else terminal.out(`${to}\n`);
  terminal.exit(EXIT_OK);
}

/** A folder gets the file under this name. */
async function target(to: string, name: string): Promise<string> {
  const isFolder = await stat(to).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(to, name) : to;
}

/** Copies to a file that does not exist yet. */
export function copyNew(from: string, to: string): Promise<SoundDone> {
  return copyFile(from, to, constants.COPYFILE_EXCL).then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, why: error instanceof Error ? error.message : String(error) }),
  );
}

/** Encoders write over what is there, so they write elsewhere first. */
async function encodeNew(from: string, to: string): Promise<SoundDone> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-opus-"));
  try {
    const encoded = await encodeOpus(from, join(folder, "message.opus"));
    return encoded.ok ? await copyNew(join(folder, "message.opus"), to) : encoded;
  } finally {
    await rm(folder, { recursive: true });
  }
}
