/** `ringline run`: runs the engine. Connects to the switch and carries calls until it is told to stop. */
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { type Logger, pino } from "pino";
import { given, mapped } from "../../../policy/office/optional.js";
import type { Store } from "../../../storage/store.js";
import { CUSTOM_EVENTS, EVENT_HEADERS, EVENTS, FILTERS } from "../../calls/switch-contract.js";
import { resolveHost } from "../../carriers/resolver.js";
import { secretReader } from "../../carriers/secrets.js";
import type { Clock } from "../../clock.js";
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
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase, withOpenDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readPassword,
} from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import { type LockTaken, takeEngineLock, takeRecordingsLock } from "./engine-lock.js";
import { HolderWatch } from "./holder-watch.js";
import { closeInTime, DRAIN_DEFAULT_S, leave } from "./leave.js";
import { ServiceManager } from "./service-manager.js";
import { giveSignsOfLife, type SignsOfLife } from "./signs-of-life.js";
import { WarmStandby } from "./warm-standby.js";

const HELP = `
The switch's event-socket password comes from ${PASSWORD_VARIABLE}, or from the first line of --password-file.
The office comes from the database; apply one first, or while the engine runs: it is live within a second.

With a secret in ${DIRECTORY_SECRET_VARIABLE} (or --directory-secret-file) the engine answers the switch's look-ups
of phones: they sign in with what \`ringline device\` made. Without one it does not.

One engine runs on a database; a second one is refused. With --standby it waits instead, and takes over at once when
the first is gone, however it went. It ends a first one whose process is stopped or hangs.

If the switch is away, the engine says so and keeps trying. SIGTERM and SIGINT stop it. An engine that stands by gets
all calls at once. Without one no new calls are taken, and calls that ring are finished for --drain seconds; a second
signal ends that. Callers who still wait then do so on the switch, up to 30 s, for the next engine. Calls that are
connected go on without any engine.

Exit codes: 0 nobody waits, or an engine that stands by has the calls; 1 the engine could not run; 3 callers wait for
the next engine.

Under systemd the engine tells when it is ready and that it is alive (docs/operations.md).

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
  readonly drain: number;
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
    .option(
      "--drain <seconds>",
      "how long calls that ring are finished when told to stop",
      seconds,
      DRAIN_DEFAULT_S,
    )
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
  const manager = new ServiceManager(terminal.env, terminal.clock, (why) =>
    log.warn({ why }, "systemd cannot be told about the engine"),
  );
  const make = (store: Store) => makeEngine(options, password.secret, directory, log, store, terminal);
  const warm = new WarmStandby(options.db, log, make);
  const lock = await waitForLock(options, manager, log, warm, terminal);
  if (!lock.ok) {
    failed(terminal, lock.why, false);
    await warm.discard();
    return;
  }
  const signs = await giveSignsOfLife(options.db, terminal.clock, (why) =>
    log.warn({ why }, "engines that stand by see no signs of life, and wait for the end of this process"),
  );
  const recordingsLock = await takeRecordingsLock(options.recordings, terminal.clock);
  try {
    if (recordingsLock.ok) {
      const prepared = await warm.take();
      const carry = (made: MadeEngine) => carryCalls(options, made, { log, manager, signs }, terminal);
      const use = { path: options.db, mustExist: false, json: false, checkIntegrity: true };
      if (prepared === undefined)
        await withDatabase(terminal, use, async (store) => carry(await make(store)));
      else await withOpenDatabase(terminal, use, prepared.store, () => carry(prepared.made));
    } else {
      failed(terminal, recordingsLock.why, false);
      await warm.discard();
    }
  } finally {
    if (recordingsLock.ok) await recordingsLock.release();
    // Before the lock is free: the end of a socket removes its file, which would be the next engine's.
    await signs.close();
    await lock.release();
    await manager.close();
  }
  // A mail server that does not answer keeps its connection, which would keep the process for half a minute: systemd waits
  // for it before it starts the next one.
  await terminal.end();
}

/** Waits for the lock, and with `--standby` watches its holder meanwhile. */
async function waitForLock(
  { db, standby }: RunOptions,
  manager: ServiceManager,
  log: Logger,
  warm: WarmStandby<MadeEngine>,
  { clock }: Terminal,
): Promise<LockTaken> {
  if (standby !== true) return takeEngineLock(db, clock, null);
  const watch = new HolderWatch(db, clock, ({ ended, ...holder }) => {
    if (ended)
      log.warn(holder, "the other engine gave no sign of life: it was ended, and this one takes over");
    else log.error(holder, "the other engine gives no sign of life, and this one may not end it");
  });
  const standingBy = (by: string) => {
    log.info(`standing by: ${by}`);
    manager.ready("standing by");
    warm.begin();
  };
  const taken = await takeEngineLock(db, clock, standingBy, (holder) => watch.look(holder));
  watch.close();
  return taken;
}

/** What an engine that runs tells others. */
interface Around {
  readonly log: Logger;
  readonly manager: ServiceManager;
  readonly signs: SignsOfLife;
}

/** Returns when the engine was told to stop, or after saying why it cannot begin. */
async function carryCalls(
  options: RunOptions,
  { engine, metrics }: MadeEngine,
  around: Around,
  terminal: Terminal,
): Promise<void> {
  const { log, manager } = around;
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
  manager.ready("carries calls");
  await untilTold(engine, options.drain, around, terminal);
  await monitoring?.close();
  await closeInTime(engine, terminal.clock, log);
}

/** Returns when the engine was told to stop and has left its callers to the next one. */
async function untilTold(engine: Engine, drainS: number, around: Around, terminal: Terminal): Promise<void> {
  const signal = await terminal.stopSignal();
  const secondSignal = terminal.stopSignal();
  const { clock } = terminal;
  const code = await leave({ engine, ...around, clock, drainS, signal, secondSignal });
  if (code !== EXIT_OK) terminal.exit(code);
}

interface MadeEngine {
  readonly engine: Engine;
  readonly metrics: Metrics | undefined;
}

async function makeEngine(
  options: RunOptions,
  password: string,
  directory: DirectorySettings | null,
  log: Logger,
  store: Store,
  terminal: Terminal,
): Promise<MadeEngine> {
  // Unique among the engines of this switch. Several commands of every call contain it, so it is short.
  const engineId = await store.engineIdentity(systemIds.uuid().slice(0, 8));
  const recordings =
    options.recordings === undefined ? undefined : new Recordings(resolve(options.recordings));
  const story = logStory(log);
  const metrics = options.metrics && new Metrics(() => engine.figures());
  const engine: Engine = new Engine({
    store,
    engineId,
    link: linkTo(options, password, directory !== null, log, terminal.clock),
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
    onReady: () => log.info("calls are carried"),
    ...(directory === null
      ? {}
      : {
          directory: {
            settings: directory,
            store,
            carriers: { readSecret: secretReader(terminal.env), resolve: resolveHost },
          },
        }),
  });
  return { engine, metrics };
}

function linkTo(
  options: RunOptions,
  password: string,
  hasDirectory: boolean,
  log: Logger,
  clock: Clock,
): TcpLink {
  return createLink({
    ...options.switch,
    password,
    clock,
    ids: systemIds,
    log,
    events: EVENTS,
    customEvents: hasDirectory ? [...CUSTOM_EVENTS, ...DIRECTORY_EVENTS] : CUSTOM_EVENTS,
    filters: hasDirectory ? [...FILTERS, ...DIRECTORY_FILTERS] : FILTERS,
    variables: EVENT_HEADERS,
  });
}

function monitoringAt(at: SwitchAddress, log: Logger, metrics: Metrics, engine: Engine): MetricsServer {
  return new MetricsServer({ ...at, log, metrics: () => metrics.text(), isHealthy: () => engine.ready });
}

function sayDirectory(log: Logger, bound: BoundAddress | null, domain: string): void {
  if (bound === null)
    log.info(
      { phones: "in the switch's own files", carriers: "in the switch's own files" },
      `no directory of phones: ${DIRECTORY_SECRET_VARIABLE} is not set`,
    );
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
export const SMTP_PASSWORD = "RINGLINE_SMTP_PASSWORD";

function mailOf({ smtp, mailFrom }: RunOptions, store: Store, env: NodeJS.ProcessEnv) {
  if (smtp === undefined || mailFrom === undefined) return {};
  const send = smtpSend({ url: smtp, password: env[SMTP_PASSWORD], from: mailFrom });
  return { mail: { outbox: store.outbox, send } };
}

/** Calls may ring for 600 s at most (`timeout`). */
const DRAIN_MAX_S = 600;

/** @throws InvalidArgumentError unless it is a whole number of seconds that makes sense */
function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d{1,3}$/.test(text) || value > DRAIN_MAX_S)
    throw new InvalidArgumentError(`expected whole seconds from 0 to ${DRAIN_MAX_S}.`);
  return value;
}

/** @throws InvalidArgumentError unless it is the URL of a mail server without a password in it */
export function smtpUrl(text: string): URL {
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
