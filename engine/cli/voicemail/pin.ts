/**
 * `ringline voicemail pin`: sets members' PINs. A PIN is typed or piped in, never an argument, and never shown again.
 */
import type { Command } from "commander";
import { PIN_DIGITS } from "../../../policy/mailbox/pin.js";
import { WEAK_PIN_WORDS } from "../../../policy/mailbox/pin-words.js";
import { clearPin, type PinSource, setPin, unlockPin } from "../../voicemail/admin/pins.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { described } from "./common.js";

const HELP = `
The PIN is asked for, or read from the first line of what is piped in.
It has ${PIN_DIGITS.min} to ${PIN_DIGITS.max} digits; those that are tried first are refused.
Five wrong ones in a row, over all calls, lock it for 30 minutes, then
for twice as long each time, up to a day.

Examples:
  ringline voicemail pin set alice.wong --db ringline.db
  ringline voicemail pin set alice.wong --generate --db ringline.db
  ringline voicemail pin unlock alice.wong --db ringline.db`;

interface SetOptions extends DatabaseOptions {
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
    (username: string, options: DatabaseOptions) => clear(username, options, terminal),
  );
  add(pin, "unlock", "unlock a PIN after too many wrong ones").action(
    (username: string, options: DatabaseOptions) => unlock(username, options, terminal),
  );
}

function add(parent: Command, name: string, what: string): Command {
  return described(parent, name, what).argument("<username>", "whose");
}

async function set(username: string, options: SetOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const source: PinSource =
    options.generate === true ? { kind: "generated" } : { kind: "asked", ask: () => ask(terminal) };
  const ended = await onDatabase(terminal, options, (deps) => setPin(deps, username, source));
  switch (ended?.outcome) {
    case "no_user":
      sayNoUser(terminal, username, json);
      return;
    case "not_said":
      failed(terminal, "the two are not the same; nothing was changed", json);
      return;
    case "weak":
      failed(terminal, `this PIN is refused: ${WEAK_PIN_WORDS[ended.why]}; nothing was changed`, json);
      return;
    case "set": {
      const pin = ended.pin ?? undefined;
      if (json) terminal.out(`${JSON.stringify({ ok: true, username, pin })}\n`);
      else terminal.out(pin === undefined ? `the PIN of ${username} is set\n` : `${pin}\n`);
      terminal.exit(EXIT_OK);
    }
  }
}

/** Undefined: typed twice, and the two differ. */
async function ask(terminal: Terminal): Promise<string | undefined> {
  const pin = await terminal.readSecret("PIN: ");
  if (!terminal.isTyped || pin === "") return pin;
  return (await terminal.readSecret("PIN again: ")) === pin ? pin : undefined;
}

async function clear(username: string, options: DatabaseOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const ended = await onDatabase(terminal, options, (deps) => clearPin(deps, username));
  switch (ended?.outcome) {
    case "no_user":
      sayNoUser(terminal, username, json);
      return;
    case "no_pin":
      failed(terminal, `${username} has no PIN`, json);
      return;
    case "cleared":
      terminal.out(
        json ? `${JSON.stringify({ ok: true, username })}\n` : `${username} has no PIN any more\n`,
      );
      terminal.exit(EXIT_OK);
  }
}

async function unlock(username: string, options: DatabaseOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const ended = await onDatabase(terminal, options, (deps) => unlockPin(deps, username));
  switch (ended?.outcome) {
    case "no_user":
      sayNoUser(terminal, username, json);
      return;
    case "no_pin":
      failed(terminal, `${username} has no PIN`, json);
      return;
    case "unlocked":
    case "was_not_locked": {
      const wasLocked = ended.outcome === "unlocked";
      if (json) terminal.out(`${JSON.stringify({ ok: true, username, wasLocked })}\n`);
      else terminal.out(`the PIN of ${username} ${wasLocked ? "is unlocked" : "was not locked"}\n`);
      terminal.exit(EXIT_OK);
    }
  }
}

function sayNoUser(terminal: Terminal, username: string, json: boolean): void {
  failed(terminal, `there is no user \`${username}\``, json);
}
