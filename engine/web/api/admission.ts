/**
 * Who asks, and whether the route is for them: looked at before the body of a request is read. Each answer that goes on is
 * looked at by the same rules again.
 */
import type { FastifyRequest } from "fastify";
import { type AccessRefusal, decideAccess, type Reach } from "../../../policy/access/access.js";
import { addressOwner } from "../../../policy/accounts/slowing.js";
import type { Actor } from "./actor.js";
import type { Authenticator } from "./authenticate.js";
import { databaseFailed } from "./failures.js";
import { isFromOtherSite } from "./origin.js";
import { type Problem, problem } from "./problem.js";
import { Buckets, type RateLimits } from "./rate-limits.js";
import type { AnyRoute } from "./route.js";
import type { Services } from "./services.js";

/** Somebody who may use the route. */
export interface Admitted {
  readonly kind: "admitted";
  readonly actor: Actor | null;
  readonly reach: Reach;
}

export class Admission {
  readonly #authenticator: Authenticator;
  readonly #services: Services;
  readonly #actors: Buckets;
  readonly #addresses: Buckets;

  constructor(authenticator: Authenticator, services: Services, limits: RateLimits) {
    this.#authenticator = authenticator;
    this.#services = services;
    this.#actors = new Buckets(limits.actor);
    this.#addresses = new Buckets(limits.address);
  }

  async admit(request: FastifyRequest, route: AnyRoute): Promise<Admitted | Problem> {
    const { method, headers } = request;
    if (!isHost(request.host)) return problem("wrong_request", { errors: [NO_HOST] });
    if (isFromOtherSite({ method, headers, origin: originOf(request) })) return problem("other_origin");
    const actor = await this.#authenticator.authenticate(request);
    if (actor !== null && "outcome" in actor) return databaseFailed(this.#services, actor);
    const wait = this.#wait(request, actor);
    if (wait > 0) return problem("too_many", { retry_after: wait });
    return decided(route, actor);
  }

  /** The same for an answer that goes on; undefined: it may. */
  async lost(request: FastifyRequest, route: AnyRoute, before: Admitted): Promise<Problem | undefined> {
    // What needs nothing goes on whoever asked for it.
    if (before.actor === null) return undefined;
    const actor = await this.#authenticator.stillThere(request);
    // A database that fails says nothing of the right; the next look is soon.
    if (actor !== null && "outcome" in actor) return undefined;
    const now = decided(route, actor);
    if (now.kind === "problem") return now;
    const isSame = now.actor?.user.username === before.actor.user.username && now.reach === before.reach;
    return isSame
      ? undefined
      : problem("no_permission", { detail: "what you may see has changed; ask again" });
  }

  #wait(request: FastifyRequest, actor: Actor | null): number {
    const nowMs = this.#services.deps.clock.nowMs();
    const owner = ownerOf(actor, request.ip);
    return actor === null ? this.#addresses.take(owner, nowMs) : this.#actors.take(owner, nowMs);
  }
}

/** Whose request it is, as bounds count it: a person's, a key's, or an address's. */
export function ownerOf(actor: Actor | null, address: string): string {
  if (actor === null) return addressOwner(address);
  return actor.via.kind === "key" ? `key ${actor.via.keyId}` : actor.user.username;
}

/** A name or an address, maybe with a port (RFC 9112, section 3.2). It decides about cookies and encryption. */
function isHost(host: string): boolean {
  return /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) && URL.canParse(`http://${host}`);
}

const NO_HOST = {
  field: "header/host",
  code: "wrong_value",
  message: "this is no name of a host",
  expected: "the host of the address that was asked for",
};

/** Where the client has reached us. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

function decided({ access }: AnyRoute, actor: Actor | null): Admitted | Problem {
  const decision = decideAccess(access, actor);
  return decision.allowed ? { kind: "admitted", actor, reach: decision.reach } : refusedBy(decision.because);
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
