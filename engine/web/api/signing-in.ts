/** What the routes have in common by which people sign in, or show that it is them: who asks from where, and the answers. */
import { isConfirmed } from "../../../policy/accounts/session-life.js";
import { BROWSER_KNOWN_MS } from "../../../storage/accounts/sessions.js";
import type { Slowed } from "../../accounts/guesses.js";
import type { Site } from "../../accounts/passkeys.js";
import { type From, type SessionMade, sessionOf } from "../../accounts/sessions.js";
import type { SigningIn } from "../../accounts/sign-in.js";
import { orDatabaseFailed } from "../../use-case.js";
import type { Actor } from "./actor.js";
import { cookieName, isPrivateOrigin } from "./cookies.js";
import { databaseFailed, failureOf } from "./failures.js";
import { type Problem, problem } from "./problem.js";
import type { ApiRequest, CookieChange } from "./route.js";
import type { Services } from "./services.js";

type Asked = Pick<
  ApiRequest<unknown, unknown, unknown, unknown>,
  "address" | "userAgent" | "origin" | "cookies" | "services"
>;

export function fromOf({ address, userAgent, origin, cookies }: Asked): From {
  return { address, userAgent, browser: cookies[cookieName("browser", origin)] };
}

export async function signingIn(asked: Asked): Promise<SigningIn> {
  const { sessionLimits, sendsMail } = asked.services;
  return { from: fromOf(asked), limits: await sessionLimits(), sendsMail };
}

/** Undefined: what passes here stays between the browser and us, or the operator says that nobody reads it. */
export function needsHttps({ origin, services }: Pick<Asked, "origin" | "services">): Problem | undefined {
  return services.allowsPlainHttp || isPrivateOrigin(origin)
    ? undefined
    : problem("needs_https", {
        detail:
          "others could read what passes here. Ask for this page with https; behind a proxy that does it, name the proxy with --trust-proxy; on a network that is private give --plain-http",
      });
}

/** The cookies of a session that begins. */
export function sessionCookies(
  { secret, browser, wholeMs }: Pick<SessionMade, "secret" | "browser" | "wholeMs">,
  { origin }: Pick<Asked, "origin">,
): CookieChange[] {
  return [
    { name: cookieName("session", origin), value: secret, maxAgeMs: wholeMs },
    { name: cookieName("browser", origin), value: browser, maxAgeMs: BROWSER_KNOWN_MS },
  ];
}

/** Somebody who signs in again in the same browser leaves no session behind that nobody sees. */
export async function endEarlier({ cookies, origin, services }: Asked): Promise<void> {
  const secret = cookies[cookieName("session", origin)];
  if (secret === undefined) return;
  const { deps, sessionLimits } = services;
  const ended = await orDatabaseFailed(async () => {
    const earlier = await sessionOf(deps, secret, await sessionLimits());
    if (earlier !== undefined) await deps.store.sessions.end(earlier.username, earlier.id);
  });
  if (ended !== undefined) databaseFailed(services, ended);
}

export function slowed({ retryMs }: Slowed): Problem {
  return problem("too_many", {
    detail: "too many sign-ins have failed",
    retry_after: Math.ceil(retryMs / 1_000),
  });
}

/** Undefined: the person showed a short while ago that it is them. */
export function confirmFirst(actor: Actor, { deps }: Pick<Services, "deps">): Problem | undefined {
  const isThem = actor.via.kind === "session" && isConfirmed(actor.via.signedInMs, deps.clock.nowMs());
  return isThem
    ? undefined
    : problem("confirm_first", { detail: "sign in again, or confirm with your password" });
}

/** For whom passkeys are made: the public address, or where the browser is if that is its own machine. */
export async function siteOf({
  origin,
  services,
}: Pick<Asked, "origin" | "services">): Promise<Site | Problem> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const isOwnMachine = isPrivateOrigin(origin) && origin.startsWith("http:");
  const { protocol, host, hostname } = new URL(isOwnMachine ? origin : (services.publicUrl ?? origin));
  if (/^[\d.]+$|^\[/.test(hostname))
    return problem("not_available", { detail: "passkeys need an address with a name, not a number" });
  return { origin: `${protocol}//${host}`, rpId: hostname, name: live.office.name };
}
