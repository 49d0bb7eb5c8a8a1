/**
 * `ringline voicemail greeting`: what callers of a mailbox hear, from files that people bring along. A running engine
 * plays it to the next caller.
 */
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { GREETING_LIMIT_MS } from "../../../policy/call/bounds.js";
import type { GreetingKind } from "../../../policy/call/mailbox-requests.js";
import { boxOwner } from "../../../policy/mailbox/mailbox.js";
import { boxName, parseBox } from "../../../policy/office/box.js";
import { COMMAND_CALL, type StoredGreetingSlot } from "../../../storage/mailbox-access.js";
import type { Store } from "../../../storage/store.js";
import { systemIds } from "../../ids.js";
import { soundIsEnough } from "../../voicemail/mailbox-access.js";
import { Recordings } from "../../voicemail/recordings.js";
import { telephoneMs, telephoneWav } from "../../voicemail/telephone-wav.js";
import { EXIT_OK } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type CommonOptions, described, RECORDINGS_OPTION, utc } from "./common.js";
import { copyNew } from "./sound.js";
import { convertToTelephone } from "./sound-programs.js";

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

interface SlotOptions extends CommonOptions {
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
  add(greeting, "show", "show which greetings a mailbox has").action((box: string, options: CommonOptions) =>
    show(box, options, terminal),
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

/** Runs `work` for a mailbox that the office has. */
async function inBox(
  text: string,
  options: CommonOptions,
  terminal: Terminal,
  work: (store: Store, box: string) => Promise<void>,
): Promise<void> {
  const json = options.json ?? false;
  const box = parseBox(text);
  if (box === undefined) {
    failed(terminal, "a mailbox is user:NAME or group:ID", json);
    return;
  }
  await withDatabase(terminal, { path: options.db, mustExist: true, json }, async (store) => {
    if (boxOwner(box, await store.loadTable()) === undefined)
      failed(terminal, `the office has no ${boxName(box)}`, json);
    else await work(store, boxName(box));
  });
}

/** Undefined: there is no such slot, which has been said. */
function slotOf(
  box: string,
  { kind, busy = false, json = false }: SlotOptions,
  terminal: Terminal,
): StoredGreetingSlot | undefined {
  if (kind !== "name" || !busy) return { box, kind, busy };
  failed(terminal, "a name has no busy form: it is heard in both", json);
  return undefined;
}

async function set(box: string, file: string, options: SoundOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  await inBox(box, options, terminal, async (store, name) => {
    const slot = slotOf(name, options, terminal);
    if (slot === undefined) return;
    const read = await readSound(file);
    if (!read.ok) {
      failed(terminal, read.why, json);
      return;
    }
    const kept = await keep(store, new Recordings(resolve(options.recordings)), slot, read.sound, terminal);
    if (kept !== undefined) {
      failed(terminal, kept, json);
      return;
    }
    const lengthMs = telephoneMs(read.sound);
    if (json) terminal.out(`${JSON.stringify({ ok: true, ...slot, lengthMs })}\n`);
    else terminal.out(`${slotText(slot)} of ${name}: ${(lengthMs / 1000).toFixed(1)} s\n`);
    terminal.exit(EXIT_OK);
  });
}

/** A file of so many bytes is no greeting: two minutes in CD quality are 21 MB. */
const FILE_BYTES_MAX = 100_000_000;

type ReadSound = { readonly ok: true; readonly sound: Buffer } | { readonly ok: false; readonly why: string };

async function readSound(file: string): Promise<ReadSound> {
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return { ok: false, why: `there is no file ${file}` };
  if (size > FILE_BYTES_MAX) return { ok: false, why: `${file} is too large for a greeting` };
  const asItIs = telephoneWav(await readFile(file));
  const read: ReadSound = asItIs === undefined ? await converted(file) : { ok: true, sound: asItIs };
  if (!read.ok || telephoneMs(read.sound) <= GREETING_LIMIT_MS) return read;
  return { ok: false, why: `${file} is longer than ${GREETING_LIMIT_MS / 60_000} minutes` };
}

async function converted(file: string): Promise<ReadSound> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-greeting-"));
  try {
    const to = join(folder, "greeting.wav");
    const done = await convertToTelephone(file, to);
    if (!done.ok) return { ok: false, why: `${file} cannot be used: ${done.why}` };
    const sound = telephoneWav(await readFile(to));
    return sound === undefined ? { ok: false, why: `${file} cannot be used` } : { ok: true, sound };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Puts a sound into use; its row as a draft comes first, so that no file is left behind. Returns why it did not. */
async function keep(
  store: Store,
  recordings: Recordings,
  slot: StoredGreetingSlot,
  sound: Buffer,
  terminal: Terminal,
): Promise<string | undefined> {
  const noRoom = await recordings.noRoom(0);
  if (noRoom !== undefined) return `no room for recordings in ${recordings.folder}: ${noRoom.why}`;
  const id = systemIds.uuid();
  await store.mailboxAccess.openDraft(id, COMMAND_CALL, terminal.clock.nowMs());
  await writeFile(recordings.path(id), sound, { flag: "wx" });
  // The switch may run as another user.
  await chmod(recordings.path(id), 0o644);
  const sealed = await recordings.seal(id);
  if (typeof sealed !== "string" && soundIsEnough(slot.kind, sealed.soundMs)) {
    await store.mailboxAccess.keepGreeting(slot, id, terminal.author, terminal.clock.nowMs());
    return undefined;
  }
  await recordings.remove(id);
  await store.mailboxAccess.forgetDraft(id);
  return "there is too little sound in it";
}

async function show(box: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  await inBox(box, options, terminal, async (store, name) => {
    const greetings = await store.mailboxAccess.greetings(name);
    for (const greeting of greetings)
      if (options.json === true) terminal.out(`${JSON.stringify(greeting)}\n`);
      else terminal.out(`${slotText(greeting).padEnd(24)} ${utc(greeting.setMs)}  by ${greeting.setBy}\n`);
    if (greetings.length === 0 && options.json !== true) terminal.err("no greetings\n");
    terminal.exit(EXIT_OK);
  });
}

async function remove(box: string, options: SlotOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  await inBox(box, options, terminal, async (store, name) => {
    const slot = slotOf(name, options, terminal);
    if (slot === undefined) return;
    if (!(await store.mailboxAccess.removeGreeting(slot, terminal.clock.nowMs()))) {
      failed(terminal, `${name} has no ${slotText(slot)}`, json);
      return;
    }
    terminal.out(
      json ? `${JSON.stringify({ ok: true, ...slot })}\n` : `${slotText(slot)} of ${name} removed\n`,
    );
    terminal.exit(EXIT_OK);
  });
}

async function exportOne(
  box: string,
  options: SoundOptions & { readonly to: string },
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  await inBox(box, options, terminal, async (store, name) => {
    const slot = slotOf(name, options, terminal);
    if (slot === undefined) return;
    const all = await store.mailboxAccess.greetings(name);
    const found = all.find(({ kind, busy }) => kind === slot.kind && busy === slot.busy);
    if (found === undefined) {
      failed(terminal, `${name} has no ${slotText(slot)}`, json);
      return;
    }
    const copied = await copyNew(new Recordings(resolve(options.recordings)).path(found.id), options.to);
    if (!copied.ok) {
      failed(terminal, `not copied: ${copied.why}`, json);
      return;
    }
    terminal.out(json ? `${JSON.stringify({ ok: true, file: options.to })}\n` : `${options.to}\n`);
    terminal.exit(EXIT_OK);
  });
}

function slotText({ kind, busy }: Pick<StoredGreetingSlot, "kind" | "busy">): string {
  if (kind === "name") return "recorded name";
  return `${kind} greeting${busy ? ", busy" : ""}`;
}
