/**
 * `ringline phones`: shows which phones are reachable, by asking the switch. Only a running engine knows when each
 * phone signed in, so the engine is asked too, if its secret is available.
 */

import { PHONES_PROFILE } from "../../calls/switch-contract.js";
import { counted } from "../../counted.js";
import { askPhones, readPhones } from "../../directory/live-phones.js";
import { type ListedPhone, listPhones } from "../../directory/phones-list.js";
import { troubleInWords, withSwitch } from "../../switch/session.js";
import { addressText, DIRECTORY_DEFAULT, type SwitchAddress, switchAddress } from "../run/run-options.js";
import { ago, duration } from "../shared/ago.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readPassword,
} from "../shared/secret.js";

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
      await withDatabase(
        terminal,
        { path: options.db, mustExist: true, json, mayMigrate: false },
        async (store) => {
          const office = await store.loadOffice();
          const target = { ...options.switch, password: password.secret };
          const asked = await withSwitch(target, readPhones);
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
            secret === null
              ? null
              : await askPhones({
                  address: addressText(options.directory),
                  secret: secret.secret,
                  clock: terminal.clock,
                });
          const everybody = listPhones({ office, ...asked.value, sightings: sightings ?? [] });
          const phones = options.all ? everybody : everybody.filter(({ contact }) => contact !== null);
          if (json) terminal.out(`${JSON.stringify({ ok: true, engine: sightings !== null, phones })}\n`);
          else terminal.out(phonesText(phones, everybody, terminal.clock.nowMs()));
          terminal.exit(EXIT_OK);
        },
      );
      return undefined;
    });
};

const SWITCH_DEFAULT: SwitchAddress = { host: "127.0.0.1", port: 8021 };

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
  const summary = `${counted(signedIn.length, "contact")} of ${counted(users.size, "user")}; ${counted(absent, "phone is", "phones are")} not signed in\n`;
  return rows.length === 0 ? summary : `${columns([HEADING, ...rows])}${summary}`;
}
