/** `ringline web`: answers the links that `ringline device link` makes, in a process apart from the engine. */
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { InvalidArgumentError } from "commander";
import { systemIds } from "../../ids.js";
import { authenticator } from "../../web/api/authenticate.js";
import { apiServices } from "../../web/api/make-services.js";
import { webServer } from "../../web/server.js";
import { serverAddress } from "../phones/device-settings.js";
import { engineLog } from "../run/engine-log.js";
import { switchAddress } from "../run/run-options.js";
import { DOMAIN_DEFAULT, sipDomain } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import { type MailOptions, mailFromOption, mailServer, smtpOption } from "../shared/mail-options.js";
import type { Terminal } from "../shared/terminal.js";
import { readMakes } from "./templates.js";
import { type PublicUrlOptions, publicUrlOption, readPublicUrl, webMails } from "./web-mails.js";

const HELP = `
It listens on the loopback unless told otherwise, for a proxy that has the
certificate, or with a certificate of its own (--cert, --key). Passwords pass
here, so an address that others can reach needs one of the two.

Paths: /setup/ for people, /phone/ for desk phones. Addresses are secrets: no
proxy should log them.

Examples:
  ringline web --db ringline.db --trust-proxy 127.0.0.1
  ringline web --db ringline.db --listen 0.0.0.0:443 \\
    --cert fullchain.pem --key privkey.pem`;

interface Address {
  readonly host: string;
  readonly port: number;
}

interface WebCommandOptions extends MailOptions, PublicUrlOptions {
  readonly db: string;
  readonly listen: Address;
  readonly cert?: string;
  readonly key?: string;
  readonly trustProxy: readonly string[];
  readonly templates?: string;
  readonly domain: string;
  readonly proxy?: string;
  readonly plainHttp?: boolean;
}

export const registerWeb: RegisterCommand = (program, terminal) => {
  program
    .command("web")
    .summary("answer the links for phones")
    .description("Answers the links that people and desk phones fetch a sign-in with.")
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
    .option("--plain-http", "listen without a certificate where others can reach it")
    .addHelpText("after", HELP)
    .action((options: WebCommandOptions) => web(terminal, options));
};

async function web(terminal: Terminal, options: WebCommandOptions): Promise<void> {
  const { listen, cert, key, plainHttp = false } = options;
  if ((cert === undefined) !== (key === undefined))
    return failed(terminal, "--cert and --key go together", false);
  if (cert === undefined && !plainHttp && !isLoopback(listen.host))
    return failed(
      terminal,
      `passwords would be readable on the way to ${listen.host}: give --cert and --key, or listen on 127.0.0.1 behind a proxy; --plain-http if the network is private`,
      false,
    );
  const publicUrl = readPublicUrl(options, terminal.env);
  if (publicUrl !== null && "why" in publicUrl) return failed(terminal, publicUrl.why, false);
  const send = mailServer(options, terminal.env);
  if (typeof send === "string") return failed(terminal, send, false);
  const makes = readMakes(options.templates);
  if (!makes.ok) return failed(terminal, makes.why, false);
  const tls = await readTls(cert, key);
  if (!tls.ok) return failed(terminal, tls.why, false);
  await withDatabase(terminal, { path: options.db, mustExist: true, json: false }, async (store) => {
    const log = engineLog({ logLevel: "info" }, terminal);
    const deps = { store, clock: terminal.clock, ids: systemIds };
    const services = apiServices(deps, log, {
      publicUrl: publicUrl?.href ?? null,
      hasMailServer: send !== null,
      phones: { domain: options.domain, server: serverAddress(options.proxy, terminal.env) },
    });
    const mails = webMails(services, send, terminal.clock);
    mails?.open();
    const server = await webServer({
      ...listen,
      log,
      deps,
      api: { services, ...authenticator(services), clock: terminal.clock },
      templates: makes.templates,
      trustedProxies: options.trustProxy,
      ...(tls.files === null ? {} : { tls: tls.files }),
    });
    const bound = await server.listen();
    if (!bound.ok)
      return failed(terminal, `cannot listen at ${listen.host}:${listen.port}: ${bound.why}`, false);
    log.info(
      { host: bound.host, port: bound.port, tls: tls.files !== null },
      "links for phones are answered",
    );
    await terminal.stopSignal();
    await server.close();
    await mails?.close();
    terminal.exit(EXIT_OK);
  });
}

type TlsRead =
  | { readonly ok: true; readonly files: { readonly cert: Buffer; readonly key: Buffer } | null }
  | { readonly ok: false; readonly why: string };

async function readTls(cert: string | undefined, key: string | undefined): Promise<TlsRead> {
  if (cert === undefined || key === undefined) return { ok: true, files: null };
  try {
    return { ok: true, files: { cert: await readFile(cert), key: await readFile(key) } };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** @throws InvalidArgumentError unless it is an IP address */
function addresses(text: string, before: readonly string[]): readonly string[] {
  if (isIP(text) === 0) throw new InvalidArgumentError("expected an IP address.");
  return [...before, text];
}
