/**
 * The web server of `ringline web`: links with which people and phones fetch what a phone signs in with. It runs in a
 * process of its own, so that nothing here delays a call. Addresses contain the links' tokens, so none is ever logged.
 */
import type { SecureContextOptions } from "node:tls";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { BoundAddress } from "../local-http.js";
import type { Deps } from "../use-case.js";
import { type ApiDeps, mountApi } from "./api/mount.js";
import { ROUTES } from "./api/routes.js";
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
  /** Certificate and key in PEM; left out: plain HTTP. */
  readonly tls?: Required<Pick<SecureContextOptions, "cert" | "key">>;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** A person on a slow line, and a phone that starts. */
const REQUEST_MS = 10_000;
const IDLE_MS = 5_000;
const CONNECTIONS_MAX = 256;
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
  "X-Robots-Tag": "noindex",
};

export interface WebServer {
  /** Never rejects: why the address cannot be bound is part of the result. */
  listen(): Promise<BoundAddress>;
  close(): Promise<void>;
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
    keepAliveTimeout: IDLE_MS,
    forceCloseConnections: true,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    // A path that is no text, as `%zz`, is answered before any hook.
    frameworkErrors: (_error, _request, reply) => {
      void text(reply.headers(HEADERS), 400, "The request is not understood.\n");
    },
    ...(options.tls === undefined
      ? { http: { connectionsCheckingInterval: LOOK_MS } }
      : {
          https: {
            ...options.tls,
            minVersion: "TLSv1.2" as const,
            handshakeTimeout: REQUEST_MS,
            connectionsCheckingInterval: LOOK_MS,
          },
        }),
  }) as unknown as FastifyInstance;
  server.server.maxConnections = CONNECTIONS_MAX;
  server.server.headersTimeout = REQUEST_MS;
  server.addHook("onSend", (_request, reply, payload, done) => {
    reply.headers(HEADERS);
    done(null, payload);
  });
  server.setNotFoundHandler((_request, reply) => text(reply, 404, "There is nothing here.\n"));
  server.setErrorHandler((error, request, reply) => failed(log, error, request, reply));
  setupRoutes(server, options);
  await server.register((api, _options, done) => {
    mountApi(api, options.api.routes ?? Object.values(ROUTES), options.api);
    done();
  });
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
    inject: server.inject.bind(server) as FastifyInstance["inject"],
  };
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
