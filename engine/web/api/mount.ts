/**
 * Puts the routes of the API on the server: who asks, whether they may, what the request says by its schema, and the answer
 * by its own: what a schema does not name never leaves.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { type AccessRefusal, decideAccess } from "../../../policy/access/access.js";
import { given } from "../../../policy/office/optional.js";
import type { Actor } from "./actor.js";
import type { Authenticate } from "./authenticate.js";
import { readCookies, setCookieHeader } from "./cookies.js";
import { databaseFailed } from "./failures.js";
import { type Problem, type ProblemBody, problem, problemBody } from "./problem.js";
import type { AnyRoute, ApiRequest, Ok } from "./route.js";
import type { Services } from "./services.js";

export const API_PREFIX = "/api/v1";

export interface ApiDeps {
  readonly services: Services;
  readonly authenticate: Authenticate;
  /** For tests; left out: all of `routes.ts`. */
  readonly routes?: readonly AnyRoute[];
}

export function mountApi(server: FastifyInstance, routes: readonly AnyRoute[], deps: ApiDeps): void {
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  for (const route of routes) mountRoute(server, route, deps);
}

function mountRoute(server: FastifyInstance, route: AnyRoute, { services, authenticate }: ApiDeps): void {
  const { params, query, body, answer, status = 200 } = route;
  const hasValue = !("raw" in answer);
  server.route({
    method: route.method,
    url: API_PREFIX + route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    ...given({ bodyLimit: route.bodyBytesMax }),
    schema: {
      ...given({ params, querystring: query }),
      ...(body === undefined || "rawTypes" in body ? {} : { body }),
      response: { ...(hasValue ? { "2xx": answer } : {}), "4xx": problemBody, "5xx": problemBody },
    },
    handler: async (request, reply) => {
      const actor = await authenticate(request);
      if (actor !== null && "outcome" in actor)
        return sendProblem(reply, databaseFailed(services, actor).body);
      const decided = decideAccess(route.access, actor);
      if (!decided.allowed) return sendProblem(reply, refusedBy(decided.because).body);
      const expected = expectedRevision(request.headers["if-match"]);
      if (typeof expected === "object") return sendProblem(reply, expected.body);
      const asked = { ...requestOf(request, actor, decided.reach, services), ifMatch: expected };
      const result = await route.handle(asked);
      if (result.kind === "problem") return sendProblem(reply, result.body);
      if (result.kind === "ok") return send(reply, result.status ?? status, result);
      throw new Error(`answers of kind ${result.kind} are not sent yet`);
    },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the route's schemas have checked it
type AnyRequest = ApiRequest<any, any, any, any>;

function requestOf(
  request: FastifyRequest,
  actor: Actor | null,
  reach: AnyRequest["reach"],
  services: Services,
): AnyRequest {
  const gone = new AbortController();
  request.raw.socket.once("close", () => gone.abort());
  return {
    params: request.params,
    query: request.query,
    body: request.body,
    actor,
    reach,
    address: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    origin: `${request.protocol}://${request.host}`,
    ifMatch: undefined,
    cookies: readCookies(request.headers.cookie),
    headers: request.headers as Record<string, string | undefined>,
    signal: gone.signal,
    services,
  };
}

/** `"rev-41"`. A weak tag never matches (RFC 9110, section 13.1.1), and is refused in words instead. */
const REVISION_TAG = /^"rev-(\d{1,15})"$/;

/** The revision of an `If-Match`. `*` matches whatever is live. */
function expectedRevision(header: string | undefined): number | undefined | Problem {
  if (header === undefined || header.trim() === "*") return undefined;
  const [, revision] = REVISION_TAG.exec(header.trim()) ?? [];
  if (revision !== undefined) return Number(revision);
  const fault = {
    field: "header/if-match",
    code: "wrong_value",
    message: "this names no revision",
    expected: 'one revision, such as "rev-41", as in ETag',
  };
  return problem("wrong_request", { errors: [fault] });
}

function send(reply: FastifyReply, status: number, result: Ok<unknown>): FastifyReply {
  if (result.revision !== undefined) reply.header("ETag", `"rev-${result.revision}"`);
  if (result.location !== undefined) reply.header("Location", API_PREFIX + result.location);
  for (const cookie of result.cookies ?? []) reply.header("Set-Cookie", setCookieHeader(cookie));
  return status === 204 ? reply.code(204).send() : reply.code(status).send(result.value);
}

export function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  return reply.code(body.status).type("application/problem+json").send(body);
}

function refusedBy(because: AccessRefusal): Problem {
  switch (because.kind) {
    case "sign_in":
      return problem("signed_out");
    case "suspended":
      return problem("suspended");
    case "no_keys":
      return problem("no_permission", { detail: "this is for people who have signed in, not for keys" });
    case "permission":
      return problem("no_permission", { permission: because.permission });
    case "key":
      return problem("no_permission", { permission: because.power, detail: "this key does not have it" });
    case "unavailable":
      return problem("not_available", { permission: because.permission, detail: because.reason });
  }
}
