/**
 * The web server of `ringline web`: the console, its API, and links with which people and phones fetch what a phone signs in
 * with. It runs in a process of its own, so that nothing here delays a call. Addresses contain the links' tokens, so none is
 * ever logged.
 */
import type { Server } from "node:http";
import { type SecureContextOptions, Server as TlsServer } from "node:tls";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { BoundAddress } from "../local-http.js";
import { type Deps, orDatabaseFailed } from "../use-case.js";
import { sendProblem } from "./api/failed-request.js";
import { type ApiDeps, mountApi } from "./api/mount.js";
import { openApiDocument } from "./api/openapi.js";
import { API_PREFIX } from "./api/prefix.js";
import { problem } from "./api/problem.js";
import { ROUTES } from "./api/routes.js";
import { type ConsoleFiles, consoleAnswers } from "./console-files.js";
import { forwardedAddresses } from "./forwarded.js";
import type { Template } from "./phone-templates.js";
import { setupRoutes } from "./setup-routes.js";

export interface WebOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Logger;
  readonly deps: Deps;
  readonly templates: ReadonlyMap<string, Template>;
  readonly api: ApiDeps;
  /** The page of the console; left out: it was not built. */
  readonly page?: ConsoleFiles;
  /** Routes besides: the demo's sign-in by a link. */
  readonly more?: (server: FastifyInstance) => void;
  /** Certificate and key in PEM; left out: plain HTTP. */
  readonly tls?: Required<Pick<SecureContextOptions, "cert" | "key">>;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** A proxy of this network passes requests on, and is not named. Called for its first request. */
  readonly onUnnamedProxy?: (address: string) => void;
}

/** The headers, from a person on a slow line, and from a phone that starts. */
const HEADERS_MS = 10_000;
/** A table or a greeting, on a slow line; forms have a shorter time of their own. */
const REQUEST_MS = 120_000;
/** Nothing is sent or taken for so long; streams of events have something to say more often. */
const SILENT_MS = 60_000;
const IDLE_MS = 5_000;
/** The people of a large office, each with a stream of events and what their page asks besides. */
const CONNECTIONS_MAX = 4_096;
/** From one address that is no proxy: an office behind one router. */
const CONNECTIONS_OF_ADDRESS_MAX = 1_024;
/** An id or a number; no path of ours has longer ones. */
const PARAMETER_CHARS_MAX = 200;
/** No page of ours sends more than an empty form. */
const BODY_BYTES_MAX = 1_024;
/** How often Node.js ends the requests whose time is over; by default twice a minute. */
const LOOK_MS = 1_000;

const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
  // The next page must not learn the token from the address of this one.
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Robots-Tag": "noindex",
};

export interface WebServer {
  /** Never rejects: why the address cannot be bound is part of the result. */
  listen(): Promise<BoundAddress>;
  close(): Promise<void>;
  /** Uses a renewed certificate from the next connection on. @throws when the two do not fit each other */
  useTls(tls: Required<Pick<SecureContextOptions, "cert" | "key">>): void;
  /** Asks without a socket, for tests. */
  readonly inject: FastifyInstance["inject"];
}

export async function webServer(options: WebOptions): Promise<WebServer> {
  const { log } = options;
  const server: FastifyInstance = fastify({
    logger: false,
    // A HEAD request would use a link up.
    exposeHeadRoutes: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENT_MS,
    keepAliveTimeout: IDLE_MS,
    routerOptions: { maxParamLength: PARAMETER_CHARS_MAX },
    forceCloseConnections: true,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    // A path that is no text, as `%zz`, is answered before any hook.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(HEADERS);
      if (request.url.startsWith(API_PREFIX)) void sendProblem(reply, problem("wrong_request").body);
      else void text(reply, 400, "The request is not understood.\n");
    },
    ...(options.tls === undefined
      ? { http: { connectionsCheckingInterval: LOOK_MS } }
      : {
          https: {
            ...options.tls,
            minVersion: "TLSv1.2" as const,
            handshakeTimeout: HEADERS_MS,
            connectionsCheckingInterval: LOOK_MS,
          },
        }),
  }) as unknown as FastifyInstance;
  server.server.maxConnections = CONNECTIONS_MAX;
  server.server.headersTimeout = HEADERS_MS;
  boundConnections(server.server, options.trustedProxies);
  noticeProxies(server, options);
  if (options.trustedProxies.length > 0) readForwarded(server);
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers(HEADERS);
    if (request.protocol === "https") reply.header("Strict-Transport-Security", HTTPS_ONLY);
    done();
  });
  consoleAnswers(server, options.page);
  server.setErrorHandler((error, request, reply) => failed(log, error, request, reply));
  setupRoutes(server, options);
  healthRoute(server, options);
  options.more?.(server);
  await server.register(
    (api, _options, done) => {
      mountApi(api, options.api.routes ?? Object.values(ROUTES), options.api);
      documentRoute(api);
      done();
    },
    { prefix: API_PREFIX },
  );
  await server.ready();
  return {
    listen: async () => {
      try {
        await server.listen({ host: options.host, port: options.port });
        const bound = server.server.address();
        if (bound === null || typeof bound === "string") return { ok: false, why: "no address was bound" };
        return { ok: true, host: bound.address, port: bound.port };
      } catch (error) {
        return { ok: false, why: error instanceof Error ? error.message : String(error) };
      }
    },
    close: () => server.close(),
    useTls: (tls) => {
      if (server.server instanceof TlsServer) server.server.setSecureContext(tls);
    },
    inject: server.inject.bind(server) as FastifyInstance["inject"],
  };
}

/** For half a year a browser comes over HTTPS only. */
const HTTPS_ONLY = "max-age=15768000";

/** Keeps one address from taking all connections. */
function boundConnections(server: Server, trustedProxies: readonly string[]): void {
  const open = new Map<string, number>();
  server.on("connection", (socket) => {
    const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    if (trustedProxies.includes(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once("close", () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > CONNECTIONS_OF_ADDRESS_MAX) socket.destroy();
  });
}

/** Addresses of the own machine and of private networks (RFC 1918, RFC 4193); others may write what they like. */
const NEAR = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd])/i;

function noticeProxies(server: FastifyInstance, { trustedProxies, onUnnamedProxy }: WebOptions): void {
  if (onUnnamedProxy === undefined) return;
  let isSaid = false;
  server.addHook("onRequest", ({ raw }, _reply, done) => {
    const address = (raw.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const isPassedOn = raw.headers["x-forwarded-for"] !== undefined;
    if (!isSaid && isPassedOn && NEAR.test(address) && !trustedProxies.includes(address)) {
      isSaid = true;
      onUnnamedProxy(address);
    }
    done();
  });
}

/** The server reads the header when somebody asks for the address of a request. */
function readForwarded(server: FastifyInstance): void {
  server.addHook("onRequest", ({ raw: { headers } }, _reply, done) => {
    const addresses = forwardedAddresses(headers["x-forwarded-for"]);
    if (addresses === undefined) delete headers["x-forwarded-for"];
    else headers["x-forwarded-for"] = addresses;
    done();
  });
}

/** Made when somebody asks for it first: it takes a while. */
function documentRoute(api: FastifyInstance): void {
  let document: string | undefined;
  api.get("/openapi.json", (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(ROUTES));
    void reply.type("application/json; charset=utf-8").send(document);
  });
}

/** For a monitor or a proxy: whether requests can be answered. */
function healthRoute(server: FastifyInstance, { deps }: WebOptions): void {
  server.get("/healthz", async (_request, reply) => {
    const looked = await orDatabaseFailed(async () => ({
      outcome: "ok" as const,
      revision: await deps.store.currentRevision(),
    }));
    return looked.outcome === "ok" ? text(reply, 200, "ok\n") : text(reply, 503, "the database fails\n");
  });
}

/** A mistake of the client is answered as such; one of ours is logged, without the address that was asked for. */
function failed(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) return text(reply, status, "The request is not understood.\n");
  log.error({ err: error, method: request.method, address: request.ip }, "a request could not be answered");
  return text(reply, 500, "Something went wrong here.\n");
}

function text(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type("text/plain; charset=utf-8").send(body);
}
