/**
 * `ringline voicemail greeting`: sets what callers of a mailbox hear, from files that people bring along. A running
 * engine plays it to the next caller.
 */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { GreetingKind } from "../../../policy/call/mailbox-requests.js";
import type { StoredGreetingSlot } from "../../../storage/mailbox-access.js";
import {
  exportGreeting,
  type GreetingName,
  listGreetings,
  type NoSlot,
  removeGreeting,
  setGreeting,
} from "../../voicemail/admin/greetings.js";
import { Recordings } from "../../voicemail/recordings.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase, readingDatabase } from "../shared/use-case.js";
import { described, RECORDINGS_OPTION, seconds, utc } from "./common.js";

const KINDS = ["temporary", "own", "name"] as const satisfies readonly GreetingKind[];

const HELP = `
A mailbox is user:NAME or group:ID. Callers hear the first of these that is there: the temporary greeting, the own one,
the office's file, our words around the name, our words. With --busy it is the form for when every phone rung was busy.

Any WAV file will do, two minutes at most; other forms than 8 kHz, mono, 16 bit are converted with sox or ffmpeg.

Examples:
  ringline voicemail greeting set user:alice.wong hello.wav --db ringline.db --recordings /var/lib/ringline/messages
  ringline voicemail greeting set group:sales closed.wav --kind temporary --db ringline.db --recordings …
  ringline voicemail greeting show user:alice.wong --db ringline.db
  ringline voicemail greeting remove group:sales --kind temporary --db ringline.db`;

interface SlotOptions extends DatabaseOptions {
  readonly kind: GreetingKind;
  readonly busy?: boolean;
}

interface SoundOptions extends SlotOptions {
  readonly recordings: string;
}

export function registerGreeting(voicemail: Command, terminal: Terminal): void {
  const greeting = voicemail
    .command("greeting")
    .summary("what callers of a mailbox hear")
    .description("Sets, shows, removes and exports greetings and recorded names.")
    .addHelpText("after", HELP);
  withSlot(add(greeting, "set", "put a sound file into use, in the place of the one before"))
    .argument("<file>", "a WAV file")
    .requiredOption(...RECORDINGS_OPTION)
    .action((box: string, file: string, options: SoundOptions) => set(box, file, options, terminal));
  add(greeting, "show", "show which greetings a mailbox has").action(
    (box: string, options: DatabaseOptions) => show(box, options, terminal),
  );
  withSlot(add(greeting, "remove", "take a greeting out of use")).action(
    (box: string, options: SlotOptions) => remove(box, options, terminal),
  );
  withSlot(add(greeting, "export", "copy a greeting to a file"))
    .requiredOption(...RECORDINGS_OPTION)
    .requiredOption("--to <file>", "a WAV file, which must not exist yet")
    .action((box: string, options: SoundOptions & { readonly to: string }) =>
      exportOne(box, options, terminal),
    );
}

function add(parent: Command, name: string, what: string): Command {
  return described(parent, name, what).argument("<mailbox>", "user:NAME or group:ID");
}

function withSlot(command: Command): Command {
  return command
    .addOption(new Option("--kind <kind>", "which greeting").choices(KINDS).default("own"))
    .option("--busy", "the form for when every phone rung was busy");
}

function greetingOf(box: string, { kind, busy = false }: SlotOptions): GreetingName {
  return { box, kind, busy };
}

async function set(box: string, file: string, options: SoundOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const recordings = new Recordings(resolve(options.recordings));
  const ended = await onDatabase(terminal, options, (deps) =>
    setGreeting(deps, recordings, greetingOf(box, options), { file, author: terminal.author }),
  );
  if (ended === undefined) return;
  switch (ended.outcome) {
    case "unusable":
      failed(terminal, ended.reason, json);
      return;
    case "no_room":
      failed(terminal, `no room for recordings in ${ended.folder}: ${ended.why}`, json);
      return;
    case "too_little_sound":
      failed(terminal, "there is too little sound in it", json);
      return;
    case "set": {
      const { slot, lengthMs } = ended;
      if (json) terminal.out(`${JSON.stringify({ ok: true, ...slot, lengthMs })}\n`);
      else terminal.out(`${slotText(slot)} of ${slot.box}: ${seconds(lengthMs)} s\n`);
      terminal.exit(EXIT_OK);
      return;
    }
    default:
      sayNoSlot(terminal, ended, json);
  }
}

async function show(box: string, options: DatabaseOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const ended = await readingDatabase(terminal, options, (deps) => listGreetings(deps, box));
  if (ended === undefined) return;
  if (ended.outcome !== "listed") {
    sayNoSlot(terminal, ended, json);
    return;
  }
  for (const greeting of ended.greetings)
    if (json) terminal.out(`${JSON.stringify(greeting)}\n`);
    else terminal.out(`${slotText(greeting).padEnd(24)} ${utc(greeting.setMs)}  by ${greeting.setBy}\n`);
  if (ended.greetings.length === 0 && !json) terminal.err("no greetings\n");
  terminal.exit(EXIT_OK);
}

async function remove(box: string, options: SlotOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const ended = await onDatabase(terminal, options, (deps) => removeGreeting(deps, greetingOf(box, options)));
  if (ended === undefined) return;
  switch (ended.outcome) {
    case "no_greeting":
      sayNoGreeting(terminal, ended.slot, json);
      return;
    case "removed": {
      const { slot } = ended;
      const said = json ? JSON.stringify({ ok: true, ...slot }) : `${slotText(slot)} of ${slot.box} removed`;
      terminal.out(`${said}\n`);
      terminal.exit(EXIT_OK);
      return;
    }
    default:
      sayNoSlot(terminal, ended, json);
  }
}

async function exportOne(
  box: string,
  options: SoundOptions & { readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  const { to } = options;
  const recordings = new Recordings(resolve(options.recordings));
  const ended = await readingDatabase(terminal, options, (deps) =>
    exportGreeting(deps, recordings, greetingOf(box, options), to),
  );
  if (ended === undefined) return;
  switch (ended.outcome) {
    case "no_greeting":
      sayNoGreeting(terminal, ended.slot, json);
      return;
    case "not_copied":
      failed(terminal, `not copied: ${ended.reason}`, json);
      return;
    case "exported":
      terminal.out(json ? `${JSON.stringify({ ok: true, file: to })}\n` : `${to}\n`);
      terminal.exit(EXIT_OK);
      return;
    default:
      sayNoSlot(terminal, ended, json);
  }
}

function sayNoGreeting(terminal: Terminal, slot: StoredGreetingSlot, json: boolean): void {
  failed(terminal, `${slot.box} has no ${slotText(slot)}`, json);
}

function sayNoSlot(terminal: Terminal, ended: NoSlot, json: boolean): void {
  switch (ended.outcome) {
    case "not_a_mailbox":
      failed(terminal, "a mailbox is user:NAME or group:ID", json);
      return;
    case "no_mailbox":
      failed(terminal, `the office has no ${ended.box}`, json);
      return;
    case "name_has_no_busy_form":
      failed(terminal, "a name has no busy form: it is heard in both", json);
  }
}

function slotText({ kind, busy }: Pick<StoredGreetingSlot, "kind" | "busy">): string {
  if (kind === "name") return "recorded name";
  return `${kind} greeting${busy ? ", busy" : ""}`;
}
