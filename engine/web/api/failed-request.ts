/** What a request is answered that comes to no handler, or whose handler fails: always a problem, never our own words. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { SqlError } from "../../../storage/database.js";
import { useFailure } from "../../../storage/store.js";
import { databaseFailed } from "./failures.js";
import { type Problem, type ProblemBody, problem } from "./problem.js";
import type { Services } from "./services.js";

/** A mistake of the client that is found on the way to the handler. */
export function clientError(statusCode: number, why: string): Error {
  return Object.assign(new Error(why), { statusCode, isOurs: true });
}

export function sendProblem(reply: FastifyReply, body: ProblemBody): FastifyReply {
  if (body.retry_after !== undefined) reply.header("Retry-After", String(body.retry_after));
  return reply.code(body.status).type("application/problem+json").send(JSON.stringify(body));
}

export function answerFailure(
  services: Services,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return sendProblem(reply, problemOf(services, error, request).body);
}

function problemOf(services: Services, error: unknown, request: FastifyRequest): Problem {
  if (error instanceof SqlError)
    return databaseFailed(services, { outcome: "database_failed", failure: useFailure(error) });
  if (isDiskFull(error)) {
    services.log.error({ err: error }, "the disk is full");
    return problem("disk_full");
  }
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  switch (status) {
    case 413:
      return problem("too_large");
    case 415:
      return problem("wrong_kind", { detail: "this reads application/json" });
    case 503:
      return problem("busy", { retry_after: 1 });
  }
  if (status >= 400 && status < 500) {
    const detail = error instanceof Error && "isOurs" in error ? { detail: error.message } : {};
    return problem("wrong_request", detail);
  }
  // The address is left out: it may have a link's secret.
  services.log.error(
    { err: error, method: request.method, route: request.routeOptions.url },
    "a request could not be answered",
  );
  return problem("our_mistake");
}

/** Of a file, such as a greeting, that could not be written. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
