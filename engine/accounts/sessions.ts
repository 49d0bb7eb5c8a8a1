/**
 * Sessions: a person is signed in in a browser. The browser has a secret that is made here, at the sign-in, and never taken
 * from a request: nobody can be made to sign in to a session that somebody else knows.
 */

import { isUseWorthNoting, type SessionLimits, sessionEndMs } from "../../policy/accounts/session-life.js";
import { given } from "../../policy/office/optional.js";
import type { BrowserStanding, Session, SignInWay } from "../../storage/accounts/sessions.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../use-case.js";
import { freshSecret, secretHash } from "./secrets.js";

/** Where a request comes from. */
export interface From {
  readonly address: string;
  readonly userAgent: string;
  /** The secret by which the browser is known; undefined: it showed none. */
  readonly browser: string | undefined;
}

/** A session that has begun. The secrets are shown here and never again. */
export interface SessionMade {
  readonly outcome: "signed_in";
  readonly id: string;
  readonly username: string;
  readonly secret: string;
  /** By this the browser is known at the next sign-in. */
  readonly browser: string;
  readonly standing: BrowserStanding;
  readonly endsMs: number;
  /** It ends so long after the sign-in at the latest. */
  readonly wholeMs: number;
}

/** The account is gone, or has another password than the one that was checked. */
export interface AccountChanged {
  readonly outcome: "account_changed";
}

export interface SessionWanted {
  readonly username: string;
  readonly way: SignInWay;
  /** When the password that was checked was chosen; left out: there was none to check. */
  readonly passwordMs?: number;
  readonly from: From;
  readonly limits: SessionLimits;
}

const USER_AGENT_MAX = 256;

/** Begins a session for somebody who has shown that it is them. */
export function beginSession(
  { store, clock, ids }: Deps,
  { username, way, passwordMs, from, limits }: SessionWanted,
): Promise<SessionMade | AccountChanged | DatabaseFailed> {
  return orDatabaseFailed<SessionMade | AccountChanged>(async () => {
    const [secret, browser, id, nowMs] = [freshSecret(ids), freshSecret(ids), ids.uuid(), clock.nowMs()];
    const session = {
      id,
      secretHash: secretHash(secret),
      username,
      nowMs,
      address: from.address,
      userAgent: from.userAgent.slice(0, USER_AGENT_MAX),
      way,
      ...given({ passwordMs }),
      browser: {
        hash: secretHash(browser),
        shown: from.browser === undefined ? undefined : secretHash(from.browser),
      },
    };
    const begun = await store.sessions.begin(session, limits);
    if (!begun.begun) return { outcome: "account_changed" };
    const endsMs = sessionEndMs({ madeMs: nowMs, usedMs: nowMs }, limits);
    const { wholeMs } = limits;
    return { outcome: "signed_in", id, username, secret, browser, standing: begun.browser, endsMs, wholeMs };
  });
}

/** The session of a browser's secret; undefined: there is none, or its time is over. */
export async function sessionOf(
  { store, clock }: Pick<Deps, "store" | "clock">,
  secret: string,
  limits: SessionLimits,
): Promise<Session | undefined> {
  const session = await store.sessions.bySecret(secretHash(secret));
  return session !== undefined && clock.nowMs() < sessionEndMs(session, limits) ? session : undefined;
}

/** Writes down that a session is used, unless that was done a moment ago. */
export async function noteUse(
  { store, clock }: Pick<Deps, "store" | "clock">,
  session: Session,
  address: string,
): Promise<void> {
  const nowMs = clock.nowMs();
  if (isUseWorthNoting(session.usedMs, nowMs)) await store.sessions.used(session.id, { nowMs, address });
}

/** A session as its owner sees it. */
export interface SessionSeen extends Session {
  readonly endsMs: number;
}

/** An account's sessions that go on, the one that was used last first. */
export function listSessions(
  { store, clock }: Deps,
  username: string,
  limits: SessionLimits,
): Promise<readonly SessionSeen[] | DatabaseFailed> {
  return orDatabaseFailed(async () => {
    const sessions = await store.sessions.of(username);
    return sessions
      .map((session) => ({ ...session, endsMs: sessionEndMs(session, limits) }))
      .filter(({ endsMs }) => clock.nowMs() < endsMs);
  });
}

/** Ends a session, and its browser is not known to the account any more. False: there was none with this id. */
export function endSession(
  { store }: Pick<Deps, "store">,
  username: string,
  id: string,
): Promise<boolean | DatabaseFailed> {
  return orDatabaseFailed(() => store.sessions.endAndForget(username, id));
}

/**
 * Ends all sessions of an account, sign-ins that are half done, and what is known of its browsers: after another password,
 * for example. Requests and streams of those sessions are refused from now on.
 * @param except the id of the session that goes on, with its browser; null: none
 * @returns how many were ended
 */
export function endSessions(
  { store }: Pick<Deps, "store">,
  username: string,
  except: string | null,
): Promise<number | DatabaseFailed> {
  return orDatabaseFailed(() => store.sessions.endAll(username, except));
}
