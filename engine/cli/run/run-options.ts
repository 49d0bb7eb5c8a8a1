/**
 * The options of `ringline run`, each with the reading of its value. Each can also be set by an environment variable and
 * in a configuration file, under the same name (`settings.ts`).
 */
import { isIP } from "node:net";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CALLS_OF_REMOVED, type CallsOfRemoved } from "../../directory/access-keeper.js";
import { type FeedPlace, readPlace } from "../../feed/place.js";
import { sipDomain } from "../shared/arguments.js";
import { webUrl } from "../shared/web-url.js";
import { DRAIN_DEFAULT_S } from "./leave.js";

export interface RunOptions {
  readonly db: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly recordings?: string;
  readonly smtp?: URL;
  readonly smtpPasswordFile?: string;
  readonly mailFrom?: string;
  readonly logLevel: string;
  readonly pretty?: boolean;
  readonly redactNumbers?: boolean;
  readonly directory: SwitchAddress;
  readonly directorySecretFile?: string;
  readonly domain: string;
  readonly removedPhones: CallsOfRemoved;
  readonly standby?: boolean;
  readonly drain: number;
  readonly metrics?: SwitchAddress;
  /** Left out: beside the database. */
  readonly live?: FeedPlace | "off";
  readonly liveSecretFile?: string;
  /** Left out: no web server is started. */
  readonly web?: SwitchAddress;
  readonly webCert?: string;
  readonly webKey?: string;
  readonly webTrustProxy?: readonly string[];
  readonly webPlainHttp?: boolean;
  readonly webTemplates?: string;
  readonly webProxy?: string;
  readonly publicUrl?: URL;
  readonly allowEmpty?: boolean;
  readonly allowMissing?: boolean;
}

export interface SwitchAddress {
  readonly host: string;
  readonly port: number;
}

/** The variable with the mail server's password. */
export const SMTP_PASSWORD = "RINGLINE_SMTP_PASSWORD";

/** The domain that docker/freeswitch/vars.xml has when RINGLINE_DOMAIN is not set. */
const DOMAIN = "ringline";

/**
 * The address at which the switch's configuration in the compose file expects it. Loopback: only the switch is to reach
 * it.
 */
export const DIRECTORY_DEFAULT: SwitchAddress = { host: "127.0.0.1", port: 8023 };

export function addRunOptions(run: Command): Command {
  run
    .option("--db <file>", "the database (required)")
    .option("--switch <host:port>", "the switch's event socket (required)", switchAddress)
    .option("--config <file>", "file with these options, see below")
    .option("--show-config", "print each option's value and where it comes from, and end")
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option("--directory <host:port>", "where the switch looks up phones", switchAddress, DIRECTORY_DEFAULT)
    .option("--directory-secret-file <file>", "file whose first line is what the switch shows for that")
    .option("--domain <name>", "the switch's SIP domain", sipDomain, DOMAIN)
    .addOption(
      new Option("--removed-phones <what>", "calls in progress of phones that are removed or suspended")
        .choices(CALLS_OF_REMOVED)
        .default("keep"),
    )
    .option("--recordings <folder>", "where the switch writes messages; without it none are taken")
    .option("--smtp <url>", "mail server: smtp://host:port or smtps://user@host", smtpUrl)
    .option("--smtp-password-file <file>", "file whose first line is the mail server's password")
    .option("--mail-from <address>", "who mails about messages come from")
    .option("--metrics <host:port>", "where monitoring finds /metrics, /health and /ready", switchAddress)
    .option("--live <file|host:port>", "where `top` reads; off: nowhere (default: DB.live)", livePlace)
    .option("--live-secret-file <file>", "file whose first line readers on host:port must say")
    .option("--web <host:port>", "serve the API, in a process of its own (`ringline web`)", switchAddress)
    .option("--web-cert <file>", "the web server's certificate with its chain, as PEM")
    .option("--web-key <file>", "its key, as PEM")
    .option("--web-trust-proxy <addresses>", "proxies before it, with commas between", ipAddresses)
    .option(
      "--web-plain-http",
      "let it listen, and people sign in, without a certificate where others can reach it",
    )
    .option("--web-templates <folder>", "its templates of desk phones' settings")
    .option("--web-proxy <host:port>", "where phones reach the switch, for what it tells them")
    .option("--public-url <web-url>", "where people reach it, for links in mails: https://HOST", webUrl)
    .option("--standby", "wait until no other engine runs on this database, then take over")
    .option("--drain <seconds>", "how long calls that ring are finished at the end", seconds, DRAIN_DEFAULT_S)
    .option("--allow-empty", "start without a database, or with an empty office")
    .option("--allow-missing", "start although the folder of messages or the switch's sounds are missing");
  return addLogOptions(run);
}

/** Of every command that runs until it is stopped. */
export function addLogOptions(command: Command): Command {
  return command
    .option("--log-level <level>", LOG_LEVELS.join(", "), logLevel, "info")
    .option("--redact-numbers", "write telephone numbers without their middle: +1212•••44")
    .option("--pretty", "log lines for people; the default on a terminal")
    .option("--no-pretty", "log lines as JSON; the default elsewhere");
}

export function addressText({ host, port }: SwitchAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
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

/** @throws InvalidArgumentError unless all are IP addresses */
function ipAddresses(text: string): readonly string[] {
  const addresses = text.split(",").map((each) => each.trim());
  if (addresses.some((each) => isIP(each) === 0))
    throw new InvalidArgumentError("expected IP addresses, with commas between.");
  return addresses;
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

/** @throws InvalidArgumentError unless it is a path, HOST:PORT of this machine, or `off` */
export function livePlace(text: string): FeedPlace | "off" {
  const place = text === "off" ? text : readPlace(text);
  if (place === undefined)
    throw new InvalidArgumentError("expected a path with a slash, HOST:PORT on the loopback, or off.");
  return place;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

/**
 * The switch's names of levels (switch_log.c). RINGLINE_LOG_LEVEL is also a variable of its configuration, and both
 * programs may be started from one environment.
 */
const SWITCH_LEVELS: ReadonlyMap<string, string> = new Map([
  ["notice", "info"],
  ["warning", "warn"],
  ["err", "error"],
  ["crit", "fatal"],
  ["alert", "fatal"],
  ["console", "fatal"],
]);

function logLevel(text: string): string {
  const level = SWITCH_LEVELS.get(text) ?? text;
  if (!LOG_LEVELS.includes(level))
    throw new InvalidArgumentError(`expected one of ${LOG_LEVELS.join(", ")}.`);
  return level;
}
