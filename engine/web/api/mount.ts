/**
 * Puts the routes of the API on the server: who asks, whether they may, what the request says by its schemas, and the
 * answer by its own: what a schema does not name never leaves.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../../clock.js";
import type { Actor } from "./actor.js";
import { Admission, type Admitted, originOf, ownerOf } from "./admission.js";
import { Answers } from "./answers.js";
import type { Authenticator } from "./authenticate.js";
import { hasBody, readBodies, unreadBody } from "./bodies.js";
import { checkedRequest } from "./checked-request.js";
import { readCookies } from "./cookies.js";
import { answerFailure, sendProblem } from "./failed-request.js";
import { Idempotency } from "./idempotency.js";
import { expectedRevision } from "./if-match.js";
import { liveOf } from "./live-view.js";
import type { LongWork } from "./long/long-work.js";
import { noRoute } from "./no-route.js";
import { OpenAnswers } from "./open-answers.js";
import { type Problem, problem } from "./problem.js";
import { RATE_LIMITS, type RateLimits } from "./rate-limits.js";
import type { AnyRoute, ApiRequest } from "./route.js";
import type { Services } from "./services.js";
import { SHED_RETRY_SECONDS, Shedding } from "./shedding.js";

export interface ApiDeps extends Authenticator {
  readonly services: Services;
  /** For what the API itself waits for: heartbeats, slow bodies, rights that end. */
  readonly clock: Clock;
  /** Left out: all is done where it is asked for. */
  readonly longWork?: LongWork;
  /** Left out: {@link RATE_LIMITS}. */
  readonly limits?: RateLimits;
  /** For tests; left out: all of `routes.ts`. */
  readonly routes?: readonly AnyRoute[];
}

/** A handler that answers nothing for so long never will; the client is told to ask again. */
const HANDLER_MS = 120_000;
const BODY_BYTES_MAX = 65_536;

/** What handlers and hooks of all routes work with. */
interface Mounted {
  readonly deps: ApiDeps;
  readonly admission: Admission;
  readonly answers: Answers;
  readonly idempotency: Idempotency;
  readonly shedding: Shedding;
  readonly admitted: WeakMap<FastifyRequest, Admitted>;
}

export function mountApi(server: FastifyInstance, routes: readonly AnyRoute[], deps: ApiDeps): void {
  const { services, clock, limits = RATE_LIMITS } = deps;
  const mounted: Mounted = {
    deps,
    admission: new Admission(deps, services, limits),
    answers: new Answers(clock, services.log, new OpenAnswers(clock, services.log)),
    idempotency: new Idempotency(services),
    shedding: new Shedding(),
    admitted: new WeakMap(),
  };
  server.setErrorHandler((error, request, reply) => answerFailure(services, error, request, reply));
  const isRaw = ({ body }: AnyRoute) => body !== undefined && "rawTypes" in body;
  for (const raw of [false, true])
    server.register((part, _options, done) => {
      readBodies(part, raw, clock);
      for (const route of routes) if (isRaw(route) === raw) mountRoute(part, route, mounted);
      done();
    });
  server.setNotFoundHandler((request, reply) => sendProblem(reply, noRoute(routes, request)));
}

function mountRoute(server: FastifyInstance, route: AnyRoute, mounted: Mounted): void {
  const { admission, answers, idempotency, shedding, admitted, deps } = mounted;
  server.route({
    method: route.method,
    url: route.path.replaceAll(/\{(\w+)\}/g, ":$1"),
    bodyLimit: route.bodyBytesMax ?? BODY_BYTES_MAX,
    ...("raw" in route.answer ? {} : { handlerTimeout: HANDLER_MS }),
    onRequest: async (request, reply) => {
      const found = await admittedBy(admission, shedding, deps.clock, request, route);
      if (found.kind === "admitted") admitted.set(request, found);
      else {
        // The rest of the request is not read.
        if (hasBody(request.raw)) reply.header("Connection", "close");
        return sendProblem(reply, found.body);
      }
    },
    handler: async (request, reply) => {
      const found = admitted.get(request);
      if (found === undefined) throw new Error("a request came to its handler and was not admitted");
      const gone = goneSignal(reply);
      const asked = requestOf(route, request, found, deps.services, gone.signal);
      if (asked.kind === "problem") return sendProblem(reply, asked.body);
      const over = shedding.begin(deps.clock.nowMs());
      const result = await idempotency
        .once(route, request, found.actor, () => handled(route, asked.request, deps.longWork, over))
        .finally(over);
      return answers.send(route, result, {
        request,
        reply,
        owner: ownerOf(found.actor, request.ip),
        gone,
        look: async () => (await admission.lost(request, route, found))?.body,
      });
    },
  });
}

async function admittedBy(
  admission: Admission,
  shedding: Shedding,
  clock: Clock,
  request: FastifyRequest,
  route: AnyRoute,
): Promise<Admitted | Problem> {
  if (!shedding.takes(clock.nowMs())) return problem("overloaded", { retry_after: SHED_RETRY_SECONDS });
  // The time in which a body comes is the client's, and does not count.
  const over = shedding.begin(clock.nowMs());
  return admission.admit(request, route).finally(over);
}

/** @param waits called when others do the work: then nobody waits for this thread */
async function handled(
  route: AnyRoute,
  request: AnyRequest,
  longWork: LongWork | undefined,
  waits: () => void,
) {
  return (await longWork?.(route, request, waits)) ?? route.handle(request);
}

/** Aborted when the client is gone, or when the answer is over. */
function goneSignal(reply: FastifyReply): AbortController {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort(GONE));
  return gone;
}

/** Made once: the reason that Node.js makes for each abort costs a tenth of a request. */
const GONE = new Error("the answer is over, or the client is gone");

// biome-ignore lint/suspicious/noExplicitAny: the route's schemas have checked it
type AnyRequest = ApiRequest<any, any, any, any>;

function requestOf(
  route: AnyRoute,
  request: FastifyRequest,
  { actor, reach }: Admitted,
  services: Services,
  signal: AbortSignal,
): { readonly kind: "request"; readonly request: AnyRequest } | Problem {
  const unread = unreadBody(route, request.body);
  if (unread !== undefined) return unread;
  const checked = checkedRequest(route, request);
  if (checked.kind === "problem") return checked;
  const ifMatch = expectedRevision(request.headers["if-match"]);
  if (typeof ifMatch === "object") return ifMatch;
  return {
    kind: "request",
    request: {
      params: checked.params,
      query: checked.query,
      body: checked.body,
      actor,
      reach,
      address: request.ip,
      userAgent: request.headers["user-agent"] ?? "",
      origin: originOf(request),
      ifMatch,
      cookies: readCookies(request.headers.cookie),
      headers: request.headers as Record<string, string | undefined>,
      signal,
      services: servicesFor(route, actor, services),
    },
  };
}

/** What is read at once is read of the office by which it was decided who asks, so that nothing looks again for another. */
function servicesFor({ method, answer }: AnyRoute, actor: Actor | null, services: Services): Services {
  const live = method === "GET" && !("raw" in answer) && actor !== null ? liveOf(actor.office) : undefined;
  return live === undefined ? services : { ...services, live: () => Promise.resolve(live) };
}
