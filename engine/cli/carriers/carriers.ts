/**
 * `ringline carriers`: shows how each carrier stands, by asking the switch. Only a running engine knows when the last calls
 * were and why calls and registrations failed, so the engine is asked too, if its secret is available.
 */
import { missingSecrets, secretReader } from "../../carriers/secrets.js";
import { askCarriers, type EngineSays } from "../../carriers/status-ask.js";
import { readGateways } from "../../carriers/status-gateways.js";
import { type CarrierSources, listCarriers } from "../../carriers/status-list.js";
import { troubleInWords, withSwitch } from "../../switch/session.js";
import { addressText, DIRECTORY_DEFAULT, type SwitchAddress, switchAddress } from "../run/run-options.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readPassword,
} from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import { carriersText } from "./carriers-text.js";

const HELP = `
Run it where the engine runs, with the same variables. The switch's event-socket password comes from
${PASSWORD_VARIABLE}, or from the first line of --password-file.
When the last calls were, and why calls and registrations failed, is known to a running engine: with
${DIRECTORY_SECRET_VARIABLE} it is asked, else these are left out.

Examples:
  ringline carriers --db ringline.db
  ringline carriers --db ringline.db --json`;

interface CarriersOptions {
  readonly db: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly directory: SwitchAddress;
  readonly directorySecretFile?: string;
  readonly json?: boolean;
}

export const registerCarriers: RegisterCommand = (program, terminal) => {
  program
    .command("carriers")
    .summary("each carrier, live: registered or not and why, calls, failures")
    .description(
      "Shows whether each carrier can be used right now: registration, pings, calls, and the last failures.",
    )
    .requiredOption("--db <file>", "the database")
    .option("--switch <host:port>", "the switch's event socket", switchAddress, {
      host: "127.0.0.1",
      port: 8021,
    })
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option("--directory <host:port>", "where the engine answers look-ups", switchAddress, DIRECTORY_DEFAULT)
    .option("--directory-secret-file <file>", "file whose first line is the secret for that")
    .option("--json", "print one JSON object: { ok, engine, carriers }; times in ms")
    .addHelpText("after", HELP)
    .action((options: CarriersOptions) => show(options, terminal));
};

async function show(options: CarriersOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const password = await readPassword(options.passwordFile, terminal.env);
  if (!password.ok) {
    failed(terminal, password.why, json);
    return;
  }
  const secret = await readDirectorySecret(options.directorySecretFile, terminal.env);
  if (secret?.ok === false) {
    failed(terminal, secret.why, json);
    return;
  }
  const use = { path: options.db, mustExist: true, json, mayMigrate: false };
  await withDatabase(terminal, use, async (store) => {
    const carriers = (await store.loadOffice())?.carriers ?? [];
    const target = { ...options.switch, password: password.secret };
    const asked = await withSwitch(target, readGateways);
    if (!asked.ok) {
      const { what, mend } = troubleInWords(target, asked.trouble);
      failed(terminal, `${what}; ${mend}`, json);
    } else if (asked.value === null)
      failed(terminal, "the switch does not tell its gateways; `ringline doctor` says more", json);
    else {
      const address = addressText(options.directory);
      const { clock, env } = terminal;
      const engine =
        secret === null ? "not asked" : await askCarriers({ address, secret: secret.secret, clock });
      const missing = await missingSecrets({ carriers }, secretReader(env));
      say(terminal, { carriers, gateways: asked.value, engine, missing }, json);
    }
  });
}

type Said = Omit<CarrierSources, "engine"> & { readonly engine: EngineSays | null | "not asked" };

function say(terminal: Terminal, { engine: asked, ...said }: Said, json: boolean): void {
  const engine = asked === "not asked" ? null : asked;
  const carriers = listCarriers({ ...said, engine });
  if (json)
    terminal.out(
      `${JSON.stringify({ ok: true, engine: engine && { sinceMs: engine.sinceMs }, carriers })}\n`,
    );
  else {
    const answer = asked === "not asked" ? "not_asked" : engine === null ? "silent" : "answered";
    terminal.out(carriersText(carriers, { nowMs: terminal.clock.nowMs(), engine: answer }));
  }
  terminal.exit(EXIT_OK);
}
