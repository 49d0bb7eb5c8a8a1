/** `ringline run`: runs the engine. Connects to the switch and carries calls until it is told to stop. */
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { type Logger, pino } from "pino";
import { given, mapped } from "../../../policy/office/optional.js";
import type { Store } from "../../../storage/store.js";
import { CUSTOM_EVENTS, EVENTS, FILTERS, VARIABLE_HEADERS } from "../../calls/switch-contract.js";
import { CALLS_OF_REMOVED, type CallsOfRemoved } from "../../directory/access-keeper.js";
import { DIRECTORY_EVENTS, DIRECTORY_FILTERS, type DirectorySettings } from "../../directory/directory.js";
import { Engine } from "../../engine.js";
import { systemIds } from "../../ids.js";
import type { BoundAddress } from "../../local-http.js";
import { createLink, type TcpLink } from "../../switch/link.js";
import { Recordings } from "../../voicemail/recordings.js";
import { smtpSend } from "../../voicemail/smtp.js";
import { Metrics } from "../../watch/metrics.js";
import { MetricsServer } from "../../watch/metrics-server.js";
import { logStory } from "../../watch/story-log.js";
import { DOMAIN_DEFAULT, sipDomain } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readPassword,
} from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import { takeEngineLock, takeRecordingsLock } from "./engine-lock.js";

const HELP = `
The switch's event-socket password comes from ${PASSWORD_VARIABLE}, or from the first line of --password-file.
The office comes from the database; apply one first, or while the engine runs: it is live within a second.

With a secret in ${DIRECTORY_SECRET_VARIABLE} (or --directory-secret-file) the engine answers the switch's look-ups
of phones: they sign in with what \`ringline device\` made. Without one it does not.

One engine runs on a database; a second one is refused. With --standby it waits instead, and takes over at once when
the first is gone, however it went.

If the switch is away, the engine says so and keeps trying. SIGTERM and SIGINT stop it; calls that are
connected go on without it, and the next start takes over those that are not.

Examples:
  ringline run --db ringline.db --switch 127.0.0.1:8021
  ringline run --db ringline.db --switch 127.0.0.1:8021 --password-file /run/secrets/switch`;

interface RunOptions {
  readonly db: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly recordings?: string;
  readonly smtp?: URL;
  readonly mailFrom?: string;
  readonly logLevel: string;
  readonly directory: SwitchAddress;
  readonly directorySecretFile?: string;
  readonly domain: string;
  readonly removedPhones: CallsOfRemoved;
  readonly standby?: boolean;
  readonly metrics?: SwitchAddress;
}

export interface SwitchAddress {
  readonly host: string;
  readonly port: number;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

export const registerRun: RegisterCommand = (program, terminal) => {
  program
    .command("run")
    .summary("carry the office's calls")
    .description(
      "Connects to a FreeSWITCH's event socket and carries the office's calls until it is stopped.",
    )
    .requiredOption("--db <file>", "the database; made when it is not there")
    .requiredOption("--switch <host:port>", "the switch's event socket", switchAddress)
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option("--directory <host:port>", "where the switch looks up phones", switchAddress, DIRECTORY_DEFAULT)
    .option("--directory-secret-file <file>", "file whose first line is what the switch shows for that")
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .addOption(
      new Option("--removed-phones <what>", "calls in progress of phones that are removed or suspended")
        .choices(CALLS_OF_REMOVED)
        .default("keep"),
    )
    .option("--recordings <folder>", "where the switch writes messages; without it none are taken")
    .option("--smtp <url>", `mail server: smtp://host:port or smtps://user@host (${SMTP_PASSWORD})`, smtpUrl)
    .option("--mail-from <address>", "who mails about messages come from")
    .option("--metrics <host:port>", "where monitoring finds /metrics and /health", switchAddress)
    .option("--standby", "wait until no other engine runs on this database, then take over")
    .option("--log-level <level>", LOG_LEVELS.join(", "), logLevel, "info")
    .addHelpText("after", HELP)
    .action((options: RunOptions) => run(options, terminal));
};

async function run(options: RunOptions, terminal: Terminal): Promise<void> {
  if ((options.smtp === undefined) !== (options.mailFrom === undefined)) {
    failed(terminal, "--smtp and --mail-from go together", false);
    return;
  }
  const password = await readPassword(options.passwordFile, terminal.env);
  if (!password.ok) {
    failed(terminal, password.why, false);
    return;
  }
  const secret = await readDirectorySecret(options.directorySecretFile, terminal.env);
  if (secret?.ok === false) {
    failed(terminal, secret.why, false);
    return;
  }
  const directory: DirectorySettings | null =
    secret === null
      ? null
      : {
          ...options.directory,
          secret: secret.secret,
          domain: options.domain,
          callsOfRemoved: options.removedPhones,
        };
  const log = pino({ level: options.logLevel, base: null }, terminal.openLog());
  const waiting = options.standby === true ? (by: string) => log.info(`standing by: ${by}`) : null;
  const lock = await takeEngineLock(options.db, terminal.clock, waiting);
  if (!lock.ok) {
    failed(terminal, lock.why, false);
    return;
  }
  const recordingsLock = await takeRecordingsLock(options.recordings, terminal.clock);
  try {
    if (recordingsLock.ok) await carryCalls(options, password.secret, directory, log, terminal);
    else failed(terminal, recordingsLock.why, false);
  } finally {
    if (recordingsLock.ok) await recordingsLock.release();
    await lock.release();
  }
}

/** Returns when the engine was told to stop, or after saying why it cannot begin. */
async function carryCalls(
  options: RunOptions,
  password: string,
  directory: DirectorySettings | null,
  log: Logger,
  terminal: Terminal,
): Promise<void> {
  await withDatabase(
    terminal,
    { path: options.db, mustExist: false, json: false, checkIntegrity: true },
    async (store) => {
      const link: TcpLink = createLink({
        ...options.switch,
        password,
        clock: terminal.clock,
        ids: systemIds,
        log,
        events: EVENTS,
        customEvents: directory === null ? CUSTOM_EVENTS : [...CUSTOM_EVENTS, ...DIRECTORY_EVENTS],
        filters: directory === null ? FILTERS : [...FILTERS, ...DIRECTORY_FILTERS],
        variables: VARIABLE_HEADERS,
      });
      // Unique among the engines of this switch. Several commands of every call contain it, so it is short.
      const engineId = await store.engineIdentity(systemIds.uuid().slice(0, 8));
      const recordings =
        options.recordings === undefined ? undefined : new Recordings(resolve(options.recordings));
      const story = logStory(log);
      const metrics = options.metrics && new Metrics(() => engine.figures());
      const engine: Engine = new Engine({
        store,
        engineId,
        link,
        clock: terminal.clock,
        ids: systemIds,
        log,
        ...given({
          voicemail: mapped(recordings, (folder) => ({
            store: store.voicemail,
            mailboxAccess: store.mailboxAccess,
            recordings: folder,
            domain: options.domain,
            ...mailOf(options, store, terminal.env),
          })),
        }),
        onNote: (call, note) => {
          story(call, note);
          metrics?.onNote(call, note);
        },
        ...(directory === null ? {} : { directory: { settings: directory, store } }),
      });
      const listening = await engine.open();
      if (listening?.ok === false) {
        const where = addressText(options.directory);
        failed(terminal, `the directory cannot listen at ${where}: ${listening.why}`, false);
        await engine.close();
        return;
      }
      const monitoring = options.metrics && metrics && monitoringAt(options.metrics, log, metrics, engine);
      const watched = await monitoring?.listen();
      if (options.metrics !== undefined && watched?.ok === false) {
        failed(terminal, `metrics cannot listen at ${addressText(options.metrics)}: ${watched.why}`, false);
        await engine.close();
        return;
      }
      sayDirectory(log, listening, options.domain);
      log.info({ switch: addressText(options.switch) }, "engine started");
      const signal = await terminal.stopSignal();
      log.info({ signal, calls: engine.calls.count }, "engine stops");
      await monitoring?.close();
      await engine.close();
    },
  );
}

function monitoringAt(at: SwitchAddress, log: Logger, metrics: Metrics, engine: Engine): MetricsServer {
  return new MetricsServer({ ...at, log, metrics: () => metrics.text(), isHealthy: () => engine.ready });
}

function sayDirectory(log: Logger, bound: BoundAddress | null, domain: string): void {
  if (bound === null) log.info(`no directory of phones: ${DIRECTORY_SECRET_VARIABLE} is not set`);
  else if (bound.ok) log.info({ directory: addressText(bound), domain }, "directory of phones open");
}

/**
 * The address at which the switch's configuration in the compose file expects it. Loopback: only the switch is to reach
 * it.
 */
export const DIRECTORY_DEFAULT: SwitchAddress = { host: "127.0.0.1", port: 8023 };

export function addressText({ host, port }: SwitchAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The variable with the mail server's password. */
const SMTP_PASSWORD = "RINGLINE_SMTP_PASSWORD";

function mailOf({ smtp, mailFrom }: RunOptions, store: Store, env: NodeJS.ProcessEnv) {
  if (smtp === undefined || mailFrom === undefined) return {};
  const send = smtpSend({ url: smtp, password: env[SMTP_PASSWORD], from: mailFrom });
  return { mail: { outbox: store.outbox, send } };
}

/** @throws InvalidArgumentError unless it is the URL of a mail server without a password in it */
function smtpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "" || url.password !== "")
    throw new InvalidArgumentError(`expected smtp://HOST:PORT or smtps://USER@HOST; no password in it.`);
  return url;
}

/** @throws InvalidArgumentError unless it is HOST:PORT or [IPv6]:PORT */
export function switchAddress(text: string): SwitchAddress {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535)
    throw new InvalidArgumentError(`expected HOST:PORT, for example 127.0.0.1:8021.`);
  return { host, port };
}

function logLevel(text: string): string {
  if (!LOG_LEVELS.includes(text)) throw new InvalidArgumentError(`expected one of ${LOG_LEVELS.join(", ")}.`);
  return text;
}
