/** `ringline web`: serves the API, and the links that `ringline device link` makes, in a process apart from the engine. */
import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import type { Logger } from "pino";
import { given } from "../../../policy/office/optional.js";
import type { Store } from "../../../storage/store.js";
import { systemIds } from "../../ids.js";
import type { Send } from "../../voicemail/smtp.js";
import { authenticator } from "../../web/api/authenticate.js";
import { longWork } from "../../web/api/long/long-work.js";
import { apiServices } from "../../web/api/make-services.js";
import type { Voice } from "../../web/api/voice.js";
import { type ConsoleFiles, readConsoleFiles } from "../../web/console-files.js";
import type { Template } from "../../web/phone-templates.js";
import { webServer } from "../../web/server.js";
import { serverAddress } from "../phones/device-settings.js";
import { engineLog } from "../run/engine-log.js";
import {
  addLogOptions,
  addressText,
  type RunOptions,
  type SwitchAddress,
  switchAddress,
} from "../run/run-options.js";
import { DOMAIN_DEFAULT, sipDomain } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import { type MailOptions, mailFromOption, mailServer, smtpOption } from "../shared/mail-options.js";
import { packageFile } from "../shared/package-file.js";
import type { Terminal } from "../shared/terminal.js";
import { readTls, type TlsFiles, unusableTls, watchCertificate } from "./certificate.js";
import { watchDatabaseFile } from "./database-file.js";
import { lowerPriority } from "./lower-priority.js";
import { parentGone, sayAlive } from "./parent.js";
import { readMakes } from "./templates.js";
import { type PublicUrlOptions, publicUrlOption, readPublicUrl, webMails } from "./web-mails.js";
import { unsafeListening } from "./web-safety.js";
import { readVoice, type WebVoiceOptions, webVoiceOptions } from "./web-voice.js";

const HELP = `
It is a process of its own, with a lower priority than the engine, so that no
call waits for it; \`ringline run --web\` starts one beside the engine.

It listens on the loopback unless told otherwise, for a proxy that has the
certificate, or with a certificate of its own (--cert, --key; a renewed one is
taken within a minute). Passwords pass here, so an address that others can reach
needs one of the two.

Paths: / is the console, /api/v1 (docs/api.md), /setup/ for people, /phone/ for desk phones,
/healthz for a monitor. Addresses of links are secrets: no proxy should log them.

Examples:
  ringline web --db ringline.db --trust-proxy 127.0.0.1
  ringline web --db ringline.db --listen 0.0.0.0:443 \\
    --cert fullchain.pem --key privkey.pem`;

type LogOptions = Pick<RunOptions, "logLevel" | "pretty" | "redactNumbers">;

interface WebCommandOptions extends MailOptions, PublicUrlOptions, WebVoiceOptions, LogOptions {
  readonly db: string;
  readonly listen: SwitchAddress;
  readonly cert?: string;
  readonly key?: string;
  readonly trustProxy: readonly string[];
  readonly templates?: string;
  readonly domain: string;
  readonly proxy?: string;
  readonly plainHttp?: boolean;
}

export const registerWeb: RegisterCommand = (program, terminal) => {
  const command = program
    .command("web")
    .summary("serve the API and the links for phones")
    .description(
      "Serves the API of the office, and the links that people and desk phones fetch a sign-in with.",
    )
    .requiredOption("--db <file>", "the database")
    .option("--listen <host:port>", "where to listen", switchAddress, { host: "127.0.0.1", port: 8080 })
    .option("--cert <file>", "the certificate with its chain, as PEM")
    .option("--key <file>", "its key, as PEM")
    .option(
      "--trust-proxy <address>",
      "believe this proxy whose request it passes on; repeatable",
      addresses,
      [],
    )
    .addOption(publicUrlOption())
    .addOption(smtpOption())
    .addOption(mailFromOption())
    .option("--templates <folder>", "templates of desk phones' settings of your own")
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .option("--proxy <host:port>", "where phones reach the switch (RINGLINE_EXTERNAL_IP)")
    .option(
      "--plain-http",
      "listen, and let people sign in, without a certificate where others can reach it",
    );
  for (const option of webVoiceOptions()) command.addOption(option);
  addLogOptions(command);
  command.addHelpText("after", HELP).action((options: WebCommandOptions) => web(terminal, options));
};

async function web(terminal: Terminal, options: WebCommandOptions): Promise<void> {
  const unsafe = unsafeListening(options, { cert: "--cert", key: "--key", plainHttp: "--plain-http" });
  if (unsafe !== undefined) return failed(terminal, unsafe, false);
  const publicUrl = readPublicUrl(options, terminal.env);
  if (publicUrl !== null && "why" in publicUrl) return failed(terminal, publicUrl.why, false);
  const send = mailServer(options, terminal.env);
  if (typeof send === "string") return failed(terminal, send, false);
  const voice = await readVoice(options, terminal);
  if (!voice.ok) return failed(terminal, voice.why, false);
  const makes = readMakes(options.templates);
  if (!makes.ok) return failed(terminal, makes.why, false);
  const tls = await readTls(options.cert, options.key);
  if (!tls.ok) return failed(terminal, tls.why, false);
  const unusable = tls.files === null ? undefined : unusableTls(tls.files);
  if (unusable !== undefined)
    return failed(terminal, `${options.cert} and ${options.key} cannot be used: ${unusable}`, false);
  const around = {
    ...{ publicUrl: publicUrl?.href ?? null, send, templates: makes.templates, tls: tls.files },
    makeVoice: voice.make,
    page: await readPage(),
  };
  await withDatabase(terminal, { path: options.db, mustExist: true, json: false }, (store) =>
    serve(terminal, options, around, store),
  );
  // The connection to a mail server that does not answer would keep the process.
  await terminal.end();
}

/** What was read of the options and of what they name. */
interface Around {
  readonly publicUrl: string | null;
  readonly send: Send | null;
  readonly templates: ReadonlyMap<string, Template>;
  readonly tls: TlsFiles | null;
  readonly makeVoice: (store: Store, mailsMessages: boolean) => Voice;
  readonly page: ConsoleFiles | undefined;
}

/** The folder that the build has made; the page stands in `dist` beside the compiled engine. */
async function readPage(): Promise<ConsoleFiles | undefined> {
  try {
    return await readConsoleFiles(packageFile("dist/console"));
  } catch {
    return undefined;
  }
}

/** Answers until told to stop, or until the engine that has started this is gone. */
async function serve(
  terminal: Terminal,
  options: WebCommandOptions,
  { publicUrl, send, templates, tls, makeVoice, page }: Around,
  store: Store,
): Promise<void> {
  const { listen, cert, key, trustProxy } = options;
  const { clock } = terminal;
  const log = engineLog(options, terminal);
  const whyNot = lowerPriority();
  if (whyNot !== undefined) log.warn({ why: whyNot }, "the web server cannot give way to calls");
  if (page === undefined)
    log.warn("the console is not built and not served: in the sources, npm run build builds it");
  const deps = { store, clock, ids: systemIds };
  const made = apiServices(deps, log, {
    publicUrl,
    hasMailServer: send !== null,
    allowsPlainHttp: options.plainHttp === true,
    phones: { domain: options.domain, server: serverAddress(options.proxy, terminal.env) },
  });
  const services = { ...made, voice: makeVoice(store, send !== null) };
  const standing = { tls: tls !== null, trustedProxies: trustProxy, publicUrl };
  const server = await webServer({
    ...listen,
    log,
    deps,
    api: { services, ...authenticator(services), clock, longWork: longWork(services) },
    templates,
    trustedProxies: trustProxy,
    onUnnamedProxy: (address) => {
      log.warn({ address }, "a proxy passes requests on and is not named: --trust-proxy");
      say(log, store.webStanding.write({ ...listen, ...standing, unnamedProxy: address }, clock.nowMs()));
    },
    ...given({ tls: tls ?? undefined, page }),
  });
  const bound = await server.listen();
  if (!bound.ok) {
    await server.close();
    return failed(terminal, `cannot listen at ${addressText(listen)}: ${bound.why}`, false);
  }
  const { host, port } = bound;
  log.info({ host, port, tls: tls !== null, publicUrl }, "the web server answers");
  say(log, store.webStanding.write({ host, port, ...standing, unnamedProxy: null }, clock.nowMs()));
  if (options.plainHttp === true && tls === null)
    log.warn(
      { host, port },
      "people sign in without encryption, as --plain-http says: whoever can listen on the network reads their passwords and takes over their sessions",
    );
  const mails = webMails(services, send, clock);
  mails?.open();
  const use = (files: TlsFiles) => server.useTls(files);
  const unwatch =
    cert === undefined || key === undefined ? undefined : watchCertificate({ cert, key, clock, log, use });
  const unsay = sayAlive(clock);
  const file = watchDatabaseFile(options.db, clock);
  const why = await Promise.race([terminal.stopSignal(), parentGone(), file.replaced]);
  file.close();
  unsay();
  unwatch?.();
  services.voice.hub?.close();
  await server.close();
  await mails?.close();
  await store.webStanding.remove();
  if (why !== "database replaced") return terminal.exit(EXIT_OK);
  failed(terminal, `${options.db} is another file now; start the web server again`, false);
}

/** What the server says of itself is for the doctor; it serves without that, too. */
function say(log: Logger, written: Promise<void>): void {
  written.catch((error: unknown) => log.warn({ err: error }, "how the web server stands cannot be written"));
}

/** @throws InvalidArgumentError unless it is an IP address */
function addresses(text: string, before: readonly string[]): readonly string[] {
  if (isIP(text) === 0) throw new InvalidArgumentError("expected an IP address.");
  return [...before, text];
}
