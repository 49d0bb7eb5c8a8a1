/**
 * Finds out who asks: a browser by the cookie of its session, or a program by a key of the API. The office is looked at
 * each time, so that a user who is suspended or removed is refused from the next request on.
 */

import type { FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { sessionLimits } from "../../../policy/accounts/session-life.js";
import type { User } from "../../../policy/office/office.js";
import type { RoutingTable } from "../../../policy/routing/table.js";
import type { ApiKey } from "../../../storage/accounts/api-keys.js";
import type { Session } from "../../../storage/accounts/sessions.js";
import { keyOf, noteKeyUse, powersOf } from "../../accounts/api-keys.js";
import { noteUse, sessionOf } from "../../accounts/sessions.js";
import { type DatabaseFailed, orDatabaseFailed } from "../../use-case.js";
import type { Actor } from "./actor.js";
import { cookieName, readCookies } from "./cookies.js";
import { LookedUp } from "./looked-up.js";
import type { Services } from "./services.js";

/** What is read of a request. */
export type Asking = Pick<FastifyRequest, "headers" | "protocol" | "host" | "ip">;

export interface Authenticator {
  readonly authenticate: Authenticate;
  /**
   * The same for an answer that goes on, such as a stream of events: looked at again each second, it does not count as a
   * use, so that a forgotten page ends a while after its person has gone.
   */
  readonly stillThere: Authenticate;
}

/** Null: nobody has signed in, or not any more. A database that fails says nothing of either. */
export type Authenticate = (request: Asking) => Promise<Actor | null | DatabaseFailed>;

type AuthenticatorDeps = Pick<Services, "deps" | "live" | "log">;

/** Sessions and keys by their secrets. */
interface Known {
  readonly sessions: LookedUp<Session | undefined>;
  readonly keys: LookedUp<ApiKey | undefined>;
}

export function authenticator(services: AuthenticatorDeps): Authenticator {
  const known: Known = { sessions: new LookedUp(services.deps), keys: new LookedUp(services.deps) };
  const find = (request: Asking, isUse: boolean) =>
    orDatabaseFailed(() => {
      const { authorization } = request.headers;
      // A key is looked at alone: whatever cookie comes with it says nothing.
      return authorization === undefined
        ? bySession(services, known, request, isUse)
        : byKey(services, known, request, authorization, isUse);
    });
  return {
    authenticate: (request) => find(request, true),
    stillThere: (request) => find(request, false),
  };
}

async function bySession(
  { deps, live, log }: AuthenticatorDeps,
  { sessions }: Known,
  request: Asking,
  isUse: boolean,
): Promise<Actor | null | DatabaseFailed> {
  const secret = readCookies(request.headers.cookie)[cookieName("session", originOf(request))];
  if (secret === undefined || secret === "") return null;
  const seen = await live();
  if ("outcome" in seen) return seen.outcome === "no_office" ? null : seen;
  const session = await sessions.get(secret, () => sessionOf(deps, secret, sessionLimits(seen.office)));
  if (session === undefined) return null;
  const found = userIn(seen.table, session.username);
  if (found === null) return null;
  if (isUse) later(log, noteUse(deps, session, request.ip));
  return {
    ...found,
    keyPowers: null,
    via: { kind: "session", sessionId: session.id, signedInMs: session.confirmedMs },
  };
}

async function byKey(
  { deps, live, log }: AuthenticatorDeps,
  { keys }: Known,
  request: Asking,
  authorization: string,
  isUse: boolean,
): Promise<Actor | null | DatabaseFailed> {
  // The scheme's name may be written in any case (RFC 9110, section 11.1).
  const text = /^bearer +(\S+)$/i.exec(authorization)?.[1];
  const key = text === undefined ? undefined : await keys.get(text, () => keyOf(deps, text));
  if (key === undefined) return null;
  const found = await userOf({ live }, key.username);
  if (found === null || "outcome" in found) return found;
  if (isUse) later(log, noteKeyUse(deps, key, request.ip));
  const via = { kind: "key", keyId: key.id, keyName: key.name } as const;
  return { ...found, keyPowers: powersOf(key, found), via };
}

interface UserFound {
  readonly user: User;
  readonly office: RoutingTable;
}

/** The user and the office of now; null: the user is gone. */
async function userOf(
  { live }: Pick<Services, "live">,
  username: string,
): Promise<UserFound | null | DatabaseFailed> {
  const seen = await live();
  if ("outcome" in seen) return seen.outcome === "no_office" ? null : seen;
  return userIn(seen.table, username);
}

function userIn(office: RoutingTable, username: string): UserFound | null {
  const user = office.user(username);
  return user === undefined ? null : { user, office };
}

function originOf({ protocol, host }: Asking): string {
  return `${protocol}://${host}`;
}

/** A note that is written behind the answer: it must not wait while somebody else writes the database. */
function later(log: Logger, noted: Promise<void>): void {
  noted.catch((error: unknown) => {
    log.warn({ err: error }, "the use of a session or a key could not be noted");
  });
}
