/** `ringline voicemail play` and `export`: plays the sound of a message on this machine, or copies it to a file. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Message } from "../../../storage/voicemail.js";
import {
  exportSound,
  playMessage,
  type SoundFormat,
  type SoundMissing,
} from "../../voicemail/admin/sounds.js";
import { Recordings } from "../../voicemail/recordings.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, readingDatabase } from "../shared/use-case.js";
import { aboutMessage, RECORDINGS_OPTION, sayNoMessage } from "./common.js";

const FORMATS = ["wav", "opus"] as const satisfies readonly SoundFormat[];

interface PlayOptions extends DatabaseOptions {
  readonly recordings: string;
  readonly for?: string;
}

interface ExportOptions extends DatabaseOptions {
  readonly recordings: string;
  readonly to: string;
  readonly format: SoundFormat;
}

export function registerSound(voicemail: Command, terminal: Terminal): void {
  aboutMessage(voicemail, "play", "play a message on this machine (with aplay, paplay, afplay or play)")
    .requiredOption(...RECORDINGS_OPTION)
    .option("--for <username>", "who hears it: it is no new message to them any more")
    .action((id: string, options: PlayOptions) => play(id, options, terminal));
  aboutMessage(voicemail, "export", "copy a message's sound to a file")
    .requiredOption(...RECORDINGS_OPTION)
    .requiredOption("--to <file>", "a file that does not exist yet, or a folder")
    .addOption(
      new Option(
        "--format <format>",
        "wav as it was recorded; opus is an eighth of that, and needs opusenc or ffmpeg",
      )
        .choices(FORMATS)
        .default("wav"),
    )
    .action((id: string, options: ExportOptions) => exportTo(id, options, terminal));
}

async function play(id: string, options: PlayOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const { recordings, for: username } = options;
  const ended = await readingDatabase(terminal, options, (deps) =>
    playMessage(deps, new Recordings(resolve(recordings)), id, username),
  );
  switch (ended?.outcome) {
    case "no_message":
    case "more_than_one_message":
      sayNoMessage(terminal, ended, id, options);
      return;
    case "not_theirs":
      failed(terminal, `message ${ended.message.id.slice(0, 8)} is none of ${username}'s`, json);
      return;
    case "no_sound":
      sayNoSound(terminal, ended, json);
      return;
    case "not_played":
      sayIntact(terminal, ended);
      failed(
        terminal,
        `not played: ${ended.reason}; \`ringline voicemail export\` copies it to a file`,
        json,
      );
      return;
    case "played": {
      sayIntact(terminal, ended);
      const { message, intact } = ended;
      if (json) terminal.out(`${JSON.stringify({ ok: true, message: message.id, intact })}\n`);
      terminal.exit(EXIT_OK);
    }
  }
}

async function exportTo(id: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const ended = await readingDatabase(terminal, options, (deps) =>
    exportSound(deps, new Recordings(resolve(options.recordings)), id, options),
  );
  switch (ended?.outcome) {
    case "no_message":
    case "more_than_one_message":
      sayNoMessage(terminal, ended, id, options);
      return;
    case "no_sound":
      sayNoSound(terminal, ended, json);
      return;
    case "not_copied":
      failed(terminal, `not copied: ${ended.reason}`, json);
      return;
    case "exported": {
      sayIntact(terminal, ended);
      const { file, intact } = ended;
      terminal.out(json ? `${JSON.stringify({ ok: true, file, intact })}\n` : `${file}\n`);
      terminal.exit(EXIT_OK);
    }
  }
}

function sayNoSound(terminal: Terminal, { message, why, path }: SoundMissing, json: boolean): void {
  failed(terminal, `the sound of message ${message.id} is ${why}: ${path}`, json);
}

function sayIntact(
  terminal: Terminal,
  { message, intact }: { readonly message: Message; readonly intact: boolean },
): void {
  if (!intact) terminal.err(`the sound of message ${message.id} is not as it was recorded\n`);
}
