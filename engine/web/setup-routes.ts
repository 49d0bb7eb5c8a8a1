/**
 * The routes of links for phones: a page for a person, which shows the sign-in after a button was pressed, and a file for
 * a desk phone. Both work once.
 */
import { isIP } from "node:net";
import { extname } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import {
  FOR_PERSON,
  type LinkRefused,
  type LinkUsed,
  readSetupLink,
  type UsableLink,
  useSetupLink,
} from "../office/changes/setup-links.js";
import type { DatabaseFailed, Deps } from "../use-case.js";
import { type PhoneValues, splitServer, type Template } from "./phone-templates.js";
import { askingPage, refusedPage, STYLE, STYLE_PATH, shownPage, troublePage } from "./setup-page.js";

export interface SetupDeps {
  readonly deps: Deps;
  readonly templates: ReadonlyMap<string, Template>;
  readonly log: Logger;
}

interface PersonsRoute {
  Params: { token: string };
}
interface PhonesRoute {
  Params: { token: string; file: string };
}

/**
 * Files that phones ask for besides their own: Yealink's for all phones of a model, the list of its files, and the copy of
 * what was set at the phone (`MAC-local.cfg`); firmware.
 */
const OTHER_FILES = /^y0{8}\d+\.cfg$|\.boot$|-(?:local|all|firmware)\.[a-z]+$/i;

export function setupRoutes(server: FastifyInstance, setup: SetupDeps): void {
  // The button sends an empty form.
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, _body, done) => done(null, undefined),
  );
  server.get(STYLE_PATH, (_request, reply) => reply.type("text/css; charset=utf-8").send(STYLE));
  server.get<PersonsRoute>("/setup/:token", async ({ params }, reply) => {
    const read = forPerson(await readSetupLink(setup.deps, params.token));
    return read.outcome === "usable" ? html(reply, 200, askingPage(read)) : refuse(reply, read);
  });
  server.post<PersonsRoute>("/setup/:token", async (request, reply) => {
    const { params } = request;
    const ip = addressOf(request);
    const read = forPerson(await readSetupLink(setup.deps, params.token));
    if (read.outcome !== "usable") return refuse(reply, read);
    const used = await useSetupLink(setup.deps, params.token, ip);
    if (used.outcome !== "link_used") return refuse(reply, used);
    sayUsed(setup.log, used, ip);
    return html(reply, 200, shownPage(used));
  });
  server.get<PhonesRoute>("/phone/:token/:file", async (request, reply) => {
    const { token, file } = request.params;
    const ip = addressOf(request);
    const read = await readSetupLink(setup.deps, token);
    if (read.outcome !== "usable") return refuseFile(reply, read);
    const template = setup.templates.get(read.link.madeFor);
    if (template === undefined || extname(file) !== template.ending || OTHER_FILES.test(file))
      return refuseFile(reply, { outcome: "unknown" });
    const used = await useSetupLink(setup.deps, token, ip);
    if (used.outcome !== "link_used") return refuseFile(reply, used);
    sayUsed(setup.log, used, ip);
    return reply.type(template.contentType).send(template.fill(valuesOf(used)));
  });
}

/** A proxy that is believed passes on whatever its client wrote before; what is no address is not shown to anybody. */
function addressOf({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? "an unknown address") : ip;
}

type LinkRead = UsableLink | LinkRefused | DatabaseFailed;

/** A link for a desk phone shows nothing to a person: the phone could not use it any more. */
function forPerson(read: LinkRead): LinkRead {
  return read.outcome === "usable" && read.link.madeFor !== FOR_PERSON ? { outcome: "unknown" } : read;
}

function valuesOf({ user, signIn, link }: LinkUsed): PhoneValues {
  const { host, port } = splitServer(link.server);
  const { sipName, password, domain } = signIn;
  return {
    name: user.name,
    sip_name: sipName,
    password,
    domain,
    server: link.server,
    server_host: host,
    server_port: port,
  };
}

/** RFC 9110, section 15.5.11: 410 is for what was here and will not come back. */
function statusOf(refused: LinkRefused | DatabaseFailed): number {
  switch (refused.outcome) {
    case "used":
    case "expired":
      return 410;
    case "suspended":
      return 403;
    case "unknown":
      return 404;
    case "database_failed":
      return 503;
  }
}

type NotUsed = Exclude<LinkRead, UsableLink>;

function refuse(reply: FastifyReply, refused: NotUsed): FastifyReply {
  const page = refused.outcome === "database_failed" ? troublePage() : refusedPage(refused);
  return html(reply, statusOf(refused), page);
}

/** A phone shows nobody the reason, and some read every text as their settings. */
function refuseFile(reply: FastifyReply, refused: NotUsed): FastifyReply {
  return reply.code(statusOf(refused)).send();
}

function html(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type("text/html; charset=utf-8").send(page);
}

function sayUsed(log: Logger, { phone, link }: LinkUsed, address: string): void {
  const { username, device } = phone;
  log.info({ user: username, device, for: link.madeFor, address }, "a link for a phone was used");
}
