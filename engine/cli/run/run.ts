/** `ringline run`: runs the engine. Connects to the switch and carries calls until it is told to stop. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import type { Logger } from "pino";
import { given, mapped } from "../../../policy/office/optional.js";
import type { OutboxStore } from "../../../storage/outbox.js";
import type { Store } from "../../../storage/store.js";
import { CUSTOM_EVENTS, EVENT_HEADERS, EVENTS, FILTERS } from "../../calls/switch-contract.js";
import { resolveHost } from "../../carriers/resolver.js";
import { secretReader } from "../../carriers/secrets.js";
import type { Clock } from "../../clock.js";
import { DIRECTORY_EVENTS, DIRECTORY_FILTERS, type DirectorySettings } from "../../directory/directory.js";
import { Engine } from "../../engine.js";
import { systemIds } from "../../ids.js";
import type { BoundAddress } from "../../local-http.js";
import { Journal, startOf } from "../../records/journal.js";
import { journalFolder } from "../../records/journal-files.js";
import { Recorder } from "../../records/recorder.js";
import type { RecordsPort } from "../../records/records-port.js";
import { createLink, type TcpLink } from "../../switch/link.js";
import { Recordings } from "../../voicemail/recordings.js";
import { type Send, smtpSend } from "../../voicemail/smtp.js";
import { Metrics } from "../../watch/metrics.js";
import { MetricsServer } from "../../watch/metrics-server.js";
import { ReadinessLook } from "../../watch/readiness.js";
import { logStory } from "../../watch/story-log.js";
import { webhookFigures } from "../../watch/webhook-figures.js";
import { noteAlarm } from "../../webhooks/note-alarm.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase, withOpenDatabase } from "../shared/database.js";
import {
  DIRECTORY_SECRET_VARIABLE,
  LIVE_SECRET_VARIABLE,
  PASSWORD_VARIABLE,
  readDirectorySecret,
  readLiveSecret,
  readPassword,
  readSmtpPassword,
} from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import { type Listening, unsafeListening } from "../web/web-safety.js";
import { type Beginning, isAllowed, lackText, lookBefore, soundsLack, wishes } from "./beginning.js";
import { type FileRead, readConfig } from "./config-file.js";
import { type LockTaken, takeEngineLock, takeRecordingsLock } from "./engine-lock.js";
import { engineLog } from "./engine-log.js";
import { HolderWatch } from "./holder-watch.js";
import { closeInTime, leave } from "./leave.js";
import { lacksSecret, openFeed } from "./live.js";
import {
  addRunOptions,
  addressText,
  type RunOptions,
  SMTP_PASSWORD,
  type SwitchAddress,
} from "./run-options.js";
import { ServiceManager } from "./service-manager.js";
import { readSettings, type Setting, settingNames, variableOf } from "./settings.js";
import { comesFromVariable, configText } from "./show-config.js";
import { giveSignsOfLife, type SignsOfLife } from "./signs-of-life.js";
import { WarmStandby } from "./warm-standby.js";
import { WebProcess, webArguments, webEnvironment } from "./web-process.js";

const HELP = `
The office comes from the database. The engine does not start without a database, with an empty office, without
the folder that --recordings names or the switch's own sounds, unless it is told to; changes of the office are live
within a second while it runs.

Every option can also be set by an environment variable and in a configuration file, which --config or
RINGLINE_CONFIG names: --log-level is RINGLINE_LOG_LEVEL, and \`log-level: debug\` in the file (YAML). What is given
here goes before the environment, the environment before the file, the file before the default. Paths in the file
are relative to its folder.

Secrets are in the environment or in files, never in an option or in the configuration file. The switch's
event-socket password is ${PASSWORD_VARIABLE}, or the first line of --password-file; the mail server's is
${SMTP_PASSWORD}, or the first line of --smtp-password-file.

With a secret in ${DIRECTORY_SECRET_VARIABLE} (or --directory-secret-file) the engine answers the switch's look-ups
of phones: they sign in with what \`ringline device\` made. Without one it does not.

One engine runs on a database; a second one is refused. With --standby it waits instead, and takes over at once when
the first is gone, however it went. It ends a first one whose process is stopped or hangs.

If the switch is away, the engine says so and keeps trying. SIGTERM and SIGINT stop it. An engine that stands by gets
all calls at once. Without one no new calls are taken, and calls that ring are finished for --drain seconds; a second
signal ends that. Callers who still wait then do so on the switch, up to 30 s, for the next engine. Calls that are
connected go on without any engine.

The log goes to standard output. If nobody reads it any longer or its disk is full, the engine goes on with its calls.

Exit codes: 0 nobody waits, or an engine that stands by has the calls; 1 the engine could not run; 3 callers wait for
the next engine.

Under systemd the engine tells when it is ready and that it is alive (docs/operations.md).

Examples:
  ringline run --db ringline.db --switch 127.0.0.1:8021
  ringline run --config /etc/ringline/ringline.yaml --show-config
  ringline run --db ringline.db --switch 127.0.0.1:8021 --password-file /run/secrets/switch`;

export const registerRun: RegisterCommand = (program, terminal) => {
  const command = program
    .command("run")
    .summary("carry the office's calls")
    .description(
      "Connects to a FreeSWITCH's event socket and carries the office's calls until it is stopped.",
    );
  addRunOptions(command)
    .addHelpText("after", HELP)
    .action(async () => {
      const read = await completeOptions(command, terminal);
      if (read !== undefined) await run(command.opts<RunOptions>(), read, terminal);
    });
};

/**
 * Reads the options that were not given from the environment and the configuration file. Undefined: the command is over,
 * since they were to be shown, or something about them is wrong, which was said.
 */
async function completeOptions(
  command: Command,
  terminal: Terminal,
): Promise<readonly Setting[] | undefined> {
  const given = command.opts<{ config?: string; showConfig?: boolean }>();
  const path = given.config ?? (terminal.env["RINGLINE_CONFIG"] || undefined);
  const file = path === undefined ? null : { path, ...(await configAt(path, command)) };
  const { settings, problems } = readSettings(command, terminal.env, file);
  const inFile = (file?.problems ?? []).map((problem) => `${path}:${problem}`);
  for (const problem of [...inFile, ...problems]) failed(terminal, problem, false);
  if (inFile.length + problems.length > 0) return undefined;
  if (given.showConfig === true) {
    terminal.out(configText(settings, terminal.env));
    return undefined;
  }
  const missing = ["db", "switch"].filter(
    (name) => settings.find((setting) => setting.name === name)?.value === undefined,
  );
  for (const name of missing)
    failed(
      terminal,
      `required option '--${name}' not specified, neither by ${variableOf(name)} nor in a file (--config)`,
      false,
    );
  return missing.length > 0 ? undefined : settings;
}

/** A file that cannot be read is reported by the program, as any other. */
async function configAt(path: string, command: Command): Promise<FileRead> {
  try {
    return readConfig(await readFile(path, "utf8"), settingNames(command));
  } catch (error) {
    // Reading a folder fails without its path.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}

interface Secrets {
  readonly switch: string;
  readonly directory: string | null;
  readonly smtp: string | undefined;
  readonly live: string | undefined;
}

/** @returns undefined: one cannot be read, which was said */
async function readSecrets(
  options: RunOptions,
  settings: readonly Setting[],
  terminal: Terminal,
): Promise<Secrets | undefined> {
  const { env } = terminal;
  const fileOf = (variable: string, option: string, file: string | undefined) =>
    comesFromVariable(settings, env, variable, option) ? undefined : file;
  const passwords = [
    await readPassword(fileOf(PASSWORD_VARIABLE, "password-file", options.passwordFile), env),
    await readDirectorySecret(
      fileOf(DIRECTORY_SECRET_VARIABLE, "directory-secret-file", options.directorySecretFile),
      env,
    ),
    await readSmtpPassword(
      fileOf(SMTP_PASSWORD, "smtp-password-file", options.smtpPasswordFile),
      env[SMTP_PASSWORD],
    ),
    await readLiveSecret(fileOf(LIVE_SECRET_VARIABLE, "live-secret-file", options.liveSecretFile), env),
  ] as const;
  const wrong = passwords.find((read) => read?.ok === false);
  if (wrong?.ok === false) {
    failed(terminal, wrong.why, false);
    return undefined;
  }
  const [password, directory, smtp, live] = passwords.map((read) =>
    read?.ok === true ? read.secret : undefined,
  );
  const lack = lacksSecret(options, live);
  if (lack !== undefined) failed(terminal, lack, false);
  return lack === undefined
    ? { switch: password ?? "", directory: directory ?? null, smtp, live }
    : undefined;
}

/** Whether the engine may begin; says what it would begin without. */
async function mayBegin(
  options: RunOptions,
  secrets: Secrets,
  log: Logger,
  terminal: Terminal,
): Promise<Beginning | undefined> {
  const target = { ...options.switch, password: secrets.switch };
  const beginning = await lookBefore(options, target, terminal.clock);
  if (typeof beginning === "string") {
    failed(terminal, beginning, false);
    return undefined;
  }
  const refused = beginning.lacks.filter((lack) => !isAllowed(lack, options));
  for (const lack of refused) failed(terminal, lackText(lack), false);
  if (refused.length > 0) return undefined;
  for (const { what, mend } of beginning.lacks) log.warn({ mend }, what);
  return beginning;
}

async function run(options: RunOptions, settings: readonly Setting[], terminal: Terminal): Promise<void> {
  if ((options.smtp === undefined) !== (options.mailFrom === undefined)) {
    failed(terminal, "--smtp and --mail-from go together", false);
    return;
  }
  const unsafe = options.web && unsafeListening(webListening(options), WEB_NAMES);
  if (unsafe !== undefined) {
    failed(terminal, unsafe, false);
    return;
  }
  const secrets = await readSecrets(options, settings, terminal);
  if (secrets === undefined) return;
  const log = engineLog(options, terminal);
  const beginning = await mayBegin(options, secrets, log, terminal);
  if (beginning === undefined) return;
  const manager = new ServiceManager(terminal.env, terminal.clock, (why) =>
    log.warn({ why }, "systemd cannot be told about the engine"),
  );
  const onReady = soundsWhenReady(beginning, options, secrets, log, terminal);
  const make = (store: Store) => makeEngine(options, secrets, { log, onReady }, store, terminal);
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
  const leaving: Promise<void>[] = [];
  const leaves = (work: Promise<void>) => void leaving.push(work);
  try {
    if (recordingsLock.ok) {
      const prepared = await warm.take();
      const carry = async (made: MadeEngine, store: Store) => {
        for (const { what, mend } of await wishes(options, store)) log.warn({ mend }, what);
        const around = { log, manager, signs, leaves, secrets };
        await carryCalls(options, made, around, terminal);
      };
      // Made only when it may be empty: the database may have gone while this engine stood by.
      const use = {
        path: options.db,
        mustExist: options.allowEmpty !== true,
        json: false,
        checkIntegrity: "office" as const,
      };
      if (prepared === undefined)
        await withDatabase(terminal, use, async (store) => carry(await make(store), store));
      else await withOpenDatabase(terminal, use, prepared.store, () => carry(prepared.made, prepared.store));
    } else {
      failed(terminal, recordingsLock.why, false);
      await warm.discard();
    }
  } finally {
    if (recordingsLock.ok) await recordingsLock.release();
    // Before the lock is free: the end of a socket removes its file, which would be the next engine's.
    await signs.close();
    await lock.release();
    // An engine that stands by goes on with the calls meanwhile.
    await Promise.all(leaving);
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
  /** Takes what still goes on when the next engine may begin. */
  readonly leaves: (work: Promise<void>) => void;
  /** Among them what readers of the live feed say where no file's mode guards it. */
  readonly secrets: Secrets;
}

/** How long an engine that ends waits until its last calls are recorded; otherwise the next one records them. */
const FINISH_MS = 1_000;

/** Returns when the engine was told to stop, or after saying why it cannot begin. */
async function carryCalls(
  options: RunOptions,
  { engine, journal, recorder, monitor }: MadeEngine,
  around: Around,
  terminal: Terminal,
): Promise<void> {
  const { log, manager } = around;
  journal.open();
  const listening = await engine.open();
  if (listening?.ok === false) {
    const where = addressText(options.directory);
    failed(terminal, `the directory cannot listen at ${where}: ${listening.why}`, false);
    await engine.close();
    await journal.close();
    return;
  }
  const monitoring = options.metrics && monitor && monitoringAt(options.metrics, log, engine, monitor);
  const watched = await monitoring?.listen();
  if (options.metrics !== undefined && watched?.ok === false) {
    failed(terminal, `metrics cannot listen at ${addressText(options.metrics)}: ${watched.why}`, false);
    await engine.close();
    await journal.close();
    return;
  }
  sayDirectory(log, listening, options.domain);
  const feed = await openFeed(options, around.secrets.live, engine, log, terminal);
  recorder.start({
    ...{ db: options.db, folder: journalFolder(options.db), sinceMs: startOf(journal.engine) },
    redactNumbers: options.redactNumbers === true,
  });
  log.info({ switch: addressText(options.switch) }, "engine started");
  manager.ready("carries calls");
  const web = startWeb(options, around, terminal);
  await untilTold(engine, web, options.drain, around, terminal);
  // Callers wait for the next engine, and not for what a web server that hangs or answers a slow request still does.
  if (web !== undefined) around.leaves(web.close());
  await Promise.all([monitoring?.close(), feed?.close()]);
  await closeInTime(engine, terminal.clock, log);
  // Before the lock is free: the next engine goes on with the calls, and with their records.
  await journal.close();
  around.leaves(recorder.finish(FINISH_MS, journal.latestMs));
}

const WEB_NAMES = { cert: "--web-cert", key: "--web-key", plainHttp: "--web-plain-http" };

function webListening({ web, webCert: cert, webKey: key, webPlainHttp: plainHttp }: RunOptions): Listening {
  return { listen: web ?? { host: "127.0.0.1", port: 0 }, cert, key, plainHttp };
}

/** Only beside an engine that carries calls: one that stands by leaves the address to the other's. */
function startWeb(
  options: RunOptions,
  { log, secrets }: Around,
  { clock, env }: Terminal,
): WebProcess | undefined {
  const said = webArguments(options);
  if (said === undefined) return undefined;
  const web = new WebProcess({ arguments: said, env: webEnvironment(env, secrets), clock, log });
  web.start();
  return web;
}

/** Returns when the engine was told to stop and has left its callers to the next one. */
async function untilTold(
  engine: Engine,
  web: WebProcess | undefined,
  drainS: number,
  around: Around,
  terminal: Terminal,
): Promise<void> {
  const signal = await terminal.stopSignal();
  web?.last();
  const secondSignal = terminal.stopSignal();
  const { clock } = terminal;
  const code = await leave({ engine, ...around, clock, drainS, signal, secondSignal });
  if (code !== EXIT_OK) terminal.exit(code);
}

interface MadeEngine {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly recorder: Recorder;
  /** Undefined: nobody monitors it. */
  readonly monitor: Monitor | undefined;
}

interface Monitor {
  readonly metrics: Metrics;
  readonly readiness: ReadinessLook;
}

/**
 * What the engine does when its calls are carried: says so, and asks for the sounds of a switch that could not be asked
 * at the start.
 */
function soundsWhenReady(
  { knowsSounds }: Beginning,
  options: RunOptions,
  secrets: Secrets,
  log: Logger,
  { clock }: Terminal,
): () => void {
  let isAsked = knowsSounds;
  return () => {
    log.info("calls are carried");
    if (isAsked) return;
    isAsked = true;
    const target = { ...options.switch, password: secrets.switch };
    void soundsLack(target, clock).then((lack) => {
      if (lack !== null && lack !== "unknown") log.error({ mend: lack.mend }, lack.what);
    });
  };
}

function directorySettings(options: RunOptions, { directory }: Secrets): DirectorySettings | null {
  if (directory === null) return null;
  const { domain, removedPhones: callsOfRemoved } = options;
  return { ...options.directory, secret: directory, domain, callsOfRemoved };
}

async function makeEngine(
  options: RunOptions,
  secrets: Secrets,
  { log, onReady }: { readonly log: Logger; readonly onReady: () => void },
  store: Store,
  terminal: Terminal,
): Promise<MadeEngine> {
  const directory = directorySettings(options, secrets);
  // Unique among the engines of this switch. Several commands of every call contain it, so it is short.
  const engineId = await store.engineIdentity(systemIds.uuid().slice(0, 8));
  const recordings =
    options.recordings === undefined ? undefined : new Recordings(resolve(options.recordings));
  const { clock } = terminal;
  const journal = new Journal({ folder: journalFolder(options.db), engineId, clock, log });
  const recorder = new Recorder({ clock, ids: systemIds, log, onHelpMailed: () => engine.helpMailed() });
  const mails = mailOf(options, store, secrets.smtp);
  const story = logStory(log);
  const monitor =
    options.metrics &&
    monitorOf(readinessOf(options, store, { engine: () => engine, journal, engineId }, terminal.clock), {
      engine: () => engine,
      journal,
      recorder,
      store,
      clock: terminal.clock,
    });
  const engine: Engine = new Engine({
    store,
    engineId,
    link: linkTo(options, secrets.switch, directory !== null, log, terminal.clock),
    clock: terminal.clock,
    ids: systemIds,
    log,
    ...given({
      voicemail: mapped(recordings, (folder) => ({
        store: store.voicemail,
        mailboxAccess: store.mailboxAccess,
        recordings: folder,
        domain: options.domain,
        ...mails,
      })),
      helpMail: mapped(mails.mail, (mail) => ({ store: store.voicemail, ...mail })),
    }),
    onNote: (call, note) => {
      story(call, note);
      monitor?.metrics.onNote(call, note);
    },
    onReady,
    onAlarm: noteAlarm({ tables: store.webhooks, clock, ids: systemIds, log }),
    records: recordsTo(journal, recorder, monitor?.metrics),
    numberProofs: store.numberProofs,
    clickCalls: store.clickCalls,
    ...given({ measures: monitor?.metrics }),
    ...(directory === null
      ? {}
      : {
          directory: {
            settings: directory,
            store,
            carriers: { readSecret: secretReader(terminal.env), resolve: resolveHost, kept: store },
          },
        }),
  });
  return { engine, journal, recorder, monitor };
}

/** What is kept of calls is written to the journal, and counted; the recorder knows what earlier engines have written. */
function recordsTo(journal: Journal, recorder: Recorder, metrics: Metrics | undefined): RecordsPort {
  return {
    get engine() {
      return journal.engine;
    },
    happened: (happening) => {
      journal.happened(happening);
      if (happening.what.kind === "emergency") recorder.hurry();
      metrics?.happened(happening);
    },
    unfinished: () => recorder.unfinished(),
  };
}

function monitorOf(
  readiness: ReadinessLook,
  {
    engine,
    journal,
    recorder,
    store,
    clock,
  }: {
    readonly engine: () => Engine;
    readonly journal: Journal;
    readonly recorder: Recorder;
    readonly store: Store;
    readonly clock: Clock;
  },
): Monitor {
  const metrics = new Metrics({
    engine: () => engine().figures(),
    records: () => ({ journal: journal.figures, recorder: recorder.figures }),
    webhooks: () => webhookFigures(store.webhooks, clock.nowMs()),
    readiness: async () => {
      const { problems, freeBytes } = await readiness.look();
      const ready = Object.entries(problems).map(([part, problem]) => [part, problem === null ? 1 : 0]);
      return { ready: Object.fromEntries(ready), freeBytes };
    },
  });
  return { metrics, readiness };
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

function monitoringAt(
  at: SwitchAddress,
  log: Logger,
  engine: Engine,
  { metrics, readiness }: Monitor,
): MetricsServer {
  return new MetricsServer({
    ...at,
    log,
    metrics: () => metrics.text(),
    isHealthy: () => engine.ready,
    readiness: () => readiness.look(),
  });
}

/** Looks at what calls need, for monitoring. A database in memory has no folder. */
function readinessOf(
  { db, recordings }: RunOptions,
  store: Store,
  {
    engine,
    journal,
    engineId,
  }: { readonly engine: () => Engine; readonly journal: Journal; readonly engineId: string },
  clock: Clock,
): ReadinessLook {
  return new ReadinessLook({
    clock,
    isConnected: () => engine().ready,
    revision: () => engine().revision,
    askDatabase: () => store.currentRevision(),
    tryToWrite: () => store.tryToWrite(),
    isJournalFailing: () => journal.figures.isFailing,
    folders: given({
      database: db === ":memory:" ? undefined : dirname(resolve(db)),
      messages: mapped(recordings, (folder) => resolve(folder)),
    }),
    name: engineId,
  });
}

function sayDirectory(log: Logger, bound: BoundAddress | null, domain: string): void {
  if (bound === null)
    log.info(
      { phones: "in the switch's own files", carriers: "in the switch's own files" },
      `no directory of phones: ${DIRECTORY_SECRET_VARIABLE} is not set`,
    );
  else if (bound.ok) log.info({ directory: addressText(bound), domain }, "directory of phones open");
}

function mailOf(
  { smtp, mailFrom }: RunOptions,
  store: Store,
  password: string | undefined,
): { readonly mail?: { readonly outbox: OutboxStore; readonly send: Send } } {
  if (smtp === undefined || mailFrom === undefined) return {};
  const send = smtpSend({ url: smtp, password, from: mailFrom });
  return { mail: { outbox: store.outbox, send } };
}
