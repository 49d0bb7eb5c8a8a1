/**
 * The cookies of the API: by one a browser is signed in, by the other it is known at the next sign-in. Over HTTPS their
 * names begin with `__Host-` (RFC 6265bis, section 4.1.3.2): a browser takes such a cookie from this host only, so that no
 * other host of the domain can plant one. Over plain HTTP on the own machine, browsers take no such cookie.
 */
import type { CookieChange } from "./route.js";

export type CookieKind = "session" | "browser";

const NAMES: Readonly<Record<CookieKind, string>> = { session: "ringline", browser: "ringline-browser" };

/** @param origin as in `ApiRequest.origin` */
export function cookieName(kind: CookieKind, origin: string): string {
  return origin.startsWith("https:") ? `__Host-${NAMES[kind]}` : NAMES[kind];
}

/** Whether browsers keep what passes here from others: HTTPS, or the machine itself (W3C Secure Contexts, section 3.1). */
export function isPrivateOrigin(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Cookies of a header (RFC 6265, section 4.2.1). The first of a name counts, as the one with the longest path. */
export function readCookies(header: string | undefined): Readonly<Record<string, string | undefined>> {
  const cookies: Record<string, string | undefined> = Object.create(null) as Record<string, string>;
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0) cookies[pair.slice(0, at).trim()] ??= pair.slice(at + 1).trim();
  }
  return cookies;
}

/** Takes the cookie that signs a browser in from it. */
export function withoutSession(origin: string): CookieChange {
  return { name: cookieName("session", origin), value: null };
}

/** Values that are made here; anything else would need quoting. */
const VALUE = /^[A-Za-z0-9._-]*$/;

/** The header that sets a cookie. Scripts do not see it, and other sites' pages do not send it. */
export function setCookieHeader({ name, value, maxAgeMs }: CookieChange): string {
  if (!VALUE.test(value ?? "")) throw new Error(`the value of cookie ${name} needs quoting`);
  const lasting = value === null ? 0 : maxAgeMs === undefined ? undefined : Math.floor(maxAgeMs / 1_000);
  return [
    `${name}=${value ?? ""}`,
    "Path=/",
    "HttpOnly",
    "SameSite=Strict",
    ...(name.startsWith("__Host-") ? ["Secure"] : []),
    ...(lasting === undefined ? [] : [`Max-Age=${lasting}`]),
  ].join("; ");
}
