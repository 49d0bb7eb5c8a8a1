/**
 * `ringline phones`: shows which phones are reachable, by asking the switch. Only a running engine knows when each
 * phone signed in, so the engine is asked too, if its secret is available.
 */
import { CONTEXT_PHONES, PHONES_PROFILE } from "../../calls/switch-contract.js";
import { DIRECTORY_USER } from "../../directory/server.js";
import * as commands from "../../switch/commands.js";
import { readRegistrationRows } from "../../switch/registrations.js";
import { isUuid } from "../../switch/safe-text.js";
import { addressText, DIRECTORY_DEFAULT, type SwitchAddress, switchAddress } from "../run/run.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readPassword,
} from "../shared/secret.js";
import { type SwitchSession, troubleInWords, withSwitch } from "../shared/switch-session.js";
import { type EngineSighting, type ListedPhone, listPhones, type PhoneChannel } from "./phones-list.js";

const HELP = `
The switch's event-socket password comes from ${PASSWORD_VARIABLE}, or from the first line of --password-file.
Since when a phone is signed in, and when it last was heard of, is known to a running engine: with
${DIRECTORY_SECRET_VARIABLE} it is asked, else these are left out.

Examples:
  ringline phones --db ringline.db
  ringline phones --db ringline.db --all --json`;

interface PhonesOptions {
  readonly db: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly directory: SwitchAddress;
  readonly directorySecretFile?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

/** A running engine answers at once. */
const ENGINE_MS = 2_000;

export const registerPhones: RegisterCommand = (program, terminal) => {
  program
    .command("phones")
    .summary("who is reachable: signed-in phones, live")
    .description("Shows the phones that are signed in right now, from where, and whether they are in a call.")
    .requiredOption("--db <file>", "the database")
    .option("--switch <host:port>", "the switch's event socket", switchAddress, SWITCH_DEFAULT)
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option("--directory <host:port>", "where the engine answers look-ups", switchAddress, DIRECTORY_DEFAULT)
    .option("--directory-secret-file <file>", "file whose first line is the secret for that")
    .option("--all", "also the phones of the office that are not signed in")
    .option("--json", "print one JSON object: { ok, engine, phones }; times in ms")
    .addHelpText("after", HELP)
    .action(async (options: PhonesOptions) => {
      const json = options.json ?? false;
      const password = await readPassword(options.passwordFile, terminal.env);
      if (!password.ok) return failed(terminal, password.why, json);
      const secret = await readDirectorySecret(options.directorySecretFile, terminal.env);
      if (secret?.ok === false) return failed(terminal, secret.why, json);
      await withDatabase(terminal, { path: options.db, mustExist: true, json }, async (store) => {
        const office = await store.loadOffice();
        const target = { ...options.switch, password: password.secret };
        const asked = await withSwitch(target, readSwitch);
        if (!asked.ok) {
          const { what, mend } = troubleInWords(target, asked.trouble);
          failed(terminal, `${what}; ${mend}`, json);
          return;
        }
        if (asked.value === null) {
          failed(
            terminal,
            `the switch has no profile ${PHONES_PROFILE}, or it is not running; \`ringline doctor\` says more`,
            json,
          );
          return;
        }
        const sightings =
          secret === null ? null : await askEngine(options.directory, secret.secret, terminal.clock);
        const everybody = listPhones({ office, ...asked.value, sightings: sightings ?? [] });
        const phones = options.all ? everybody : everybody.filter(({ contact }) => contact !== null);
        if (json) terminal.out(`${JSON.stringify({ ok: true, engine: sightings !== null, phones })}\n`);
        else terminal.out(phonesText(phones, everybody, terminal.clock.nowMs()));
        terminal.exit(EXIT_OK);
      });
      return undefined;
    });
};

const SWITCH_DEFAULT: SwitchAddress = { host: "127.0.0.1", port: 8021 };

async function readSwitch(session: SwitchSession) {
  const list = await session.ask(commands.sofiaXmlStatusReg(PHONES_PROFILE));
  if (list.outcome !== "ok" || !list.text.includes("<registrations>")) return null;
  const rows = readRegistrationRows(list.text, PHONES_PROFILE);
  return { rows, channels: await phoneChannels(session) };
}

interface ChannelRow {
  readonly uuid?: string;
  readonly name?: string;
  readonly direction?: string;
  readonly context?: string;
  readonly callstate?: string;
}

/** The phones' channels, recognised by variables that the switch sets and not by headers that a phone sends. */
async function phoneChannels(session: SwitchSession): Promise<PhoneChannel[]> {
  const reply = await session.ask(commands.showChannels());
  const rows = readChannels(reply.text).filter(({ name }) => name?.startsWith(`sofia/${PHONES_PROFILE}/`));
  const found = await Promise.all(
    rows.map(async ({ uuid, name = "", direction, context, callstate }): Promise<PhoneChannel[]> => {
      if (uuid === undefined || !isUuid(uuid)) return [];
      const placed = direction === "inbound";
      if (placed && context !== CONTEXT_PHONES && callstate !== "ACTIVE") return [];
      const variable = placed ? "sip_auth_username" : commands.PHONE_VARIABLE;
      const held = await session.ask(commands.readVariable(uuid, variable));
      if (held.outcome !== "ok" || held.text === "" || held.text === "_undef_") return [];
      const address = placed ? null : (/@([^@;]+)$/.exec(name)?.[1] ?? null);
      return [{ sipName: held.text, address, state: callstate === "RINGING" ? "ringing" : "in a call" }];
    }),
  );
  return found.flat();
}

function readChannels(text: string): readonly ChannelRow[] {
  try {
    const parsed = JSON.parse(text) as { readonly rows?: readonly ChannelRow[] };
    return parsed.rows ?? [];
  } catch {
    return [];
  }
}

/** Null: no engine answers there. */
async function askEngine(
  { host, port }: SwitchAddress,
  secret: string,
  clock: {
    after(ms: number, fire: () => void): { readonly id: unknown };
    cancel(timer: { readonly id: unknown }): void;
  },
): Promise<readonly EngineSighting[] | null> {
  const stop = new AbortController();
  const timer = clock.after(ENGINE_MS, () => stop.abort());
  try {
    const token = Buffer.from(`${DIRECTORY_USER}:${secret}`).toString("base64");
    const response = await fetch(`http://${addressText({ host, port })}/phones`, {
      headers: { Authorization: `Basic ${token}` },
      signal: stop.signal,
    });
    if (!response.ok) return null;
    const said = (await response.json()) as { readonly phones: readonly EngineSighting[] };
    return said.phones;
  } catch {
    return null;
  } finally {
    clock.cancel(timer);
  }
}

const HEADING = ["user", "device", "contact", "phone", "signed in", "last seen", "renews in", "ping", "call"];

function phonesText(
  phones: readonly ListedPhone[],
  everybody: readonly ListedPhone[],
  nowMs: number,
): string {
  const rows = phones.map((phone) => [
    phone.username ?? "(nobody's)",
    phone.device ?? phone.sipName,
    phone.contact === null ? "not signed in" : (phone.address ?? ""),
    phone.agent ?? "",
    ago(phone.sinceMs, nowMs),
    ago(phone.seenMs, nowMs),
    phone.expiresInMs === null ? "" : duration(phone.expiresInMs),
    phone.ping === null ? "" : `${phone.ping}${phone.pingMs === null ? "" : ` ${phone.pingMs} ms`}`,
    phone.suspended ? "suspended" : (phone.call ?? ""),
  ]);
  const signedIn = everybody.filter(({ contact }) => contact !== null);
  const users = new Set(signedIn.flatMap(({ username }) => (username === null ? [] : [username])));
  const absent = everybody.length - signedIn.length;
  const summary = `${signedIn.length} contacts of ${users.size} users; ${absent} phones are not signed in\n`;
  return rows.length === 0 ? summary : `${columns([HEADING, ...rows])}${summary}`;
}

function ago(atMs: number | null, nowMs: number): string {
  return atMs === null ? "" : `${duration(nowMs - atMs)} ago`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
