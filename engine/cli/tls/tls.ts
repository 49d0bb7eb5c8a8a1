/** `ringline tls`: gives the switch a certificate, and makes it use a renewed one without a restart of the switch. */

import { readFile } from "node:fs/promises";
import { InvalidArgumentError } from "commander";
import { mapped } from "../../../policy/office/optional.js";
import { installFiles } from "../../certificates/install.js";
import { firstCertificate, makeTlsFiles } from "../../certificates/pem.js";
import { type Reloaded, reloadCertificate } from "../../certificates/reload.js";
import { counted } from "../../counted.js";
import { troubleInWords, withSwitch } from "../../switch/session.js";
import { type SwitchAddress, switchAddress } from "../run/run-options.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { PASSWORD_VARIABLE, readPassword } from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";

const HELP = `
The switch has TLS when the folder that RINGLINE_TLS_DIR names (docker/freeswitch/tls if left out) has a certificate:
phones at port 5061, carriers at 5081. \`install\` writes it there; \`reload\` makes a running switch present it.

Examples:
  ringline tls install --cert fullchain.pem --key privkey.pem --to /etc/ringline/tls
  ringline tls reload --cert fullchain.pem --wait 12h`;

const INSTALL_HELP = `
Writes agent.pem, which only its owner may read, and cafile.pem. Both belong to the owner of the folder, who should be
the switch's user. A key that does not belong to the certificate, one with a passphrase, and an expired certificate
are refused. --authorities adds those by which certificates of carriers are checked (RINGLINE_CARRIERS_TLS_VERIFY).

Example:
  ringline tls install --cert fullchain.pem --key privkey.pem --to /etc/ringline/tls`;

const RELOAD_HELP = `
The switch reads a certificate only when its profiles of phones and carriers start, and a restart of these ends their
calls. So they are restarted at a moment when there is no call. That takes some two seconds: a call that arrives
meanwhile by UDP is sent again and comes a moment later; by TCP or TLS it is refused. Nothing is done if the switch
presents the certificate already.

The event socket's password comes from ${PASSWORD_VARIABLE}, or from the first line of --password-file.

Exit codes: 0 the switch presents the certificate; 1 it does not, and the reason is said.

Example:
  ringline tls reload --cert /etc/letsencrypt/live/pbx.example.com/fullchain.pem --wait 12h`;

interface InstallOptions {
  readonly cert: string;
  readonly key: string;
  readonly to: string;
  readonly authorities?: string;
}

interface ReloadOptions {
  readonly cert: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly wait: number;
}

export const registerTls: RegisterCommand = (program, terminal) => {
  const tls = program
    .command("tls")
    .summary("the switch's certificate")
    .description("Gives the switch a certificate, and makes it present a renewed one.")
    .addHelpText("after", HELP);
  tls
    .command("install")
    .summary("write a certificate for the switch")
    .description("Writes a certificate and its key where the switch reads them.")
    .requiredOption("--cert <file>", "the certificate with its chain, as PEM")
    .requiredOption("--key <file>", "its key, as PEM, without a passphrase")
    .requiredOption("--to <folder>", "the switch's folder (RINGLINE_TLS_DIR)")
    .option("--authorities <file>", "authorities that the switch shall trust, as PEM")
    .addHelpText("after", INSTALL_HELP)
    .action((options: InstallOptions) => install(options, terminal));
  tls
    .command("reload")
    .summary("make a running switch present a renewed certificate, without losing a call")
    .description("Makes a running switch present a renewed certificate, at a moment when there is no call.")
    .requiredOption("--cert <file>", "the certificate that was installed, as PEM")
    .option("--switch <host:port>", "the switch's event socket", switchAddress, {
      host: "127.0.0.1",
      port: 8021,
    })
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option(
      "--wait <time>",
      "how long to wait for a moment without calls: 30s, 10m or 12h",
      length,
      WAIT_DEFAULT_MS,
    )
    .addHelpText("after", RELOAD_HELP)
    .action((options: ReloadOptions) => reload(options, terminal));
  for (const command of tls.commands) command.exitOverride().copyInheritedSettings(tls);
};

async function install(options: InstallOptions, terminal: Terminal): Promise<void> {
  try {
    const read = (path: string) => readFile(path, "utf8");
    const authorities = options.authorities === undefined ? undefined : await read(options.authorities);
    const texts = { certificate: await read(options.cert), key: await read(options.key) };
    const files = makeTlsFiles(
      { ...texts, ...mapped(authorities, (text) => ({ authorities: text })) },
      terminal.clock.nowMs(),
    );
    if (!files.ok) return failed(terminal, `${options.cert}, ${options.key}: ${files.why}`, false);
    await installFiles(options.to, files);
    const { names, untilMs } = files.facts;
    terminal.out(
      `${options.to}: agent.pem and cafile.pem are written, for ${names}, until ${dayOf(untilMs)}\n` +
        `a switch that runs presents it after: ringline tls reload --cert ${options.cert}\n`,
    );
  } catch (error) {
    failed(terminal, error instanceof Error ? error.message : String(error), false);
  }
}

async function reload(options: ReloadOptions, terminal: Terminal): Promise<void> {
  const password = await readPassword(options.passwordFile, terminal.env);
  if (!password.ok) return failed(terminal, password.why, false);
  const wanted = await readCertificate(options.cert);
  if (typeof wanted === "string") return failed(terminal, wanted, false);
  const target = { ...options.switch, password: password.secret };
  const { clock } = terminal;
  const ended = await withSwitch(target, (session) =>
    reloadCertificate({
      session,
      clock,
      fingerprint: wanted.fingerprint,
      untilMs: clock.nowMs() + options.wait,
      waiting: (calls) => terminal.err(`${legs(calls)} in progress; waiting for a moment without\n`),
    }),
  );
  if (ended.ok) return sayReloaded(ended.value, terminal);
  const { what, mend } = troubleInWords(target, ended.trouble);
  failed(terminal, `${what}; ${mend}`, false);
}

function sayReloaded(reloaded: Reloaded, terminal: Terminal): void {
  if (reloaded.kind === "presents")
    terminal.out(
      reloaded.wasRestarted
        ? "phones and carriers were restarted, and present the certificate\n"
        : "phones and carriers present the certificate already\n",
    );
  else
    failed(
      terminal,
      reloaded.kind === "other"
        ? reloaded.why
        : `still ${legs(reloaded.calls)}: the switch goes on with the old certificate; try again when fewer people call`,
      false,
    );
}

async function readCertificate(path: string) {
  try {
    return (
      firstCertificate(await readFile(path, "utf8")) ?? `${path}: there is no certificate (PEM is expected)`
    );
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function legs(count: number): string {
  return counted(count, "leg of a call", "legs of calls");
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const WAIT_DEFAULT_MS = 10 * 60_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** @throws InvalidArgumentError unless it is a length of time */
function length(text: string): number {
  const [, count, unit] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ""];
  if (count === undefined || unitMs === undefined)
    throw new InvalidArgumentError("expected a length of time: 30s, 10m or 12h.");
  return Number(count) * unitMs;
}
