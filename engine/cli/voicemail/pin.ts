/** `ringline voicemail pin`: the PINs of those who listen. One is typed or piped in, never an argument, and never shown again. */
import type { Command } from "commander";
import { numbersOf, PIN_DIGITS, type WeakPin, weakPin } from "../../../policy/mailbox/pin.js";
import type { RoutingTable } from "../../../policy/routing/table.js";
import type { Store } from "../../../storage/store.js";
import { systemIds } from "../../ids.js";
import { hashPin } from "../../voicemail/pin-hash.js";
import { EXIT_OK } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type CommonOptions, described } from "./common.js";

const HELP = `
The PIN is asked for, or read from the first line of what is piped in.
It has ${PIN_DIGITS.min} to ${PIN_DIGITS.max} digits; those that are tried first are refused.
Five wrong ones in a row, over all calls, lock it for 30 minutes, then
for twice as long each time, up to a day.

Examples:
  ringline voicemail pin set alice.wong --db ringline.db
  ringline voicemail pin set alice.wong --generate --db ringline.db
  ringline voicemail pin unlock alice.wong --db ringline.db`;

const WHY: Readonly<Record<WeakPin, string>> = {
  not_digits: "it must be digits",
  length: `it must have ${PIN_DIGITS.min} to ${PIN_DIGITS.max} digits`,
  repeated: "it repeats itself",
  sequence: "its digits follow each other",
  known: "it is part of the user's extension or number",
  common: "it is one of those that are tried first",
};

interface SetOptions extends CommonOptions {
  readonly generate?: boolean;
}

export function registerPin(voicemail: Command, terminal: Terminal): void {
  const pin = voicemail
    .command("pin")
    .summary("the PINs of those who listen")
    .description("Sets, takes away and unlocks PINs.")
    .addHelpText("after", HELP);
  add(pin, "set", "set a user's PIN")
    .option("--generate", "make one, and show it once")
    .action((username: string, options: SetOptions) => set(username, options, terminal));
  add(pin, "clear", "take a user's PIN away: nobody listens to their mailbox by PIN").action(
    (username: string, options: CommonOptions) => clear(username, options, terminal),
  );
  add(pin, "unlock", "unlock a PIN after too many wrong ones").action(
    (username: string, options: CommonOptions) => unlock(username, options, terminal),
  );
}

function add(parent: Command, name: string, what: string): Command {
  return described(parent, name, what).argument("<username>", "whose");
}

/** Runs `work` for a user whom the office has. */
async function forUser(
  username: string,
  { db, json = false }: CommonOptions,
  terminal: Terminal,
  work: (store: Store, table: RoutingTable) => Promise<void>,
): Promise<void> {
  await withDatabase(terminal, { path: db, mustExist: true, json }, async (store) => {
    const table = await store.loadTable();
    if (table.user(username) === undefined) failed(terminal, `there is no user \`${username}\``, json);
    else await work(store, table);
  });
}

async function set(username: string, options: SetOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  await forUser(username, options, terminal, async (store, table) => {
    const known = numbersOf(username, table);
    const pin = options.generate === true ? generate(known) : await ask(terminal);
    if (pin === undefined) {
      failed(terminal, "the two are not the same; nothing was changed", json);
      return;
    }
    const weak = weakPin(pin, known);
    if (weak !== undefined) {
      failed(terminal, `this PIN is refused: ${WHY[weak]}; nothing was changed`, json);
      return;
    }
    await store.mailboxAccess.setPin(username, await hashPin(pin, systemIds.uuid()), terminal.clock.nowMs());
    const shown = options.generate === true ? pin : undefined;
    if (json) terminal.out(`${JSON.stringify({ ok: true, username, pin: shown })}\n`);
    else terminal.out(shown === undefined ? `the PIN of ${username} is set\n` : `${shown}\n`);
    terminal.exit(EXIT_OK);
  });
}

/** Undefined: typed twice, and not the same. */
async function ask(terminal: Terminal): Promise<string | undefined> {
  const pin = await terminal.readSecret("PIN: ");
  if (!terminal.isTyped || pin === "") return pin;
  return (await terminal.readSecret("PIN again: ")) === pin ? pin : undefined;
}

const GENERATED_DIGITS = 6;

function generate(known: readonly string[]): string {
  for (;;) {
    const pin = Array.from({ length: GENERATED_DIGITS }, () => systemIds.below(10)).join("");
    if (weakPin(pin, known) === undefined) return pin;
  }
}

async function clear(username: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  await forUser(username, options, terminal, async (store) => {
    if (!(await store.mailboxAccess.clearPin(username))) {
      failed(terminal, `${username} has no PIN`, json);
      return;
    }
    terminal.out(json ? `${JSON.stringify({ ok: true, username })}\n` : `${username} has no PIN any more\n`);
    terminal.exit(EXIT_OK);
  });
}

async function unlock(username: string, options: CommonOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  await forUser(username, options, terminal, async (store) => {
    const { isSet, lockedUntilMs } = await store.mailboxAccess.pinOf(username);
    if (!isSet) {
      failed(terminal, `${username} has no PIN`, json);
      return;
    }
    await store.mailboxAccess.pinRight(username);
    const wasLocked = lockedUntilMs > terminal.clock.nowMs();
    if (json) terminal.out(`${JSON.stringify({ ok: true, username, wasLocked })}\n`);
    else
      terminal.out(
        wasLocked ? `the PIN of ${username} is unlocked\n` : `the PIN of ${username} was not locked\n`,
      );
    terminal.exit(EXIT_OK);
  });
}
