/**
 * The cookies of the API. Handlers know them by plain names; over HTTPS each is called `__Host-NAME`, which a browser takes
 * only from this host and only over HTTPS, so that neither a sister domain nor plain HTTP can plant one.
 */
import { parse, serialize } from "@fastify/cookie";
import type { FastifyRequest } from "fastify";
import type { CookieChange } from "./route.js";

const PREFIX = "__Host-";
const SECOND_MS = 1_000;

/** The cookies of a request by their plain names; over HTTPS only those with the prefix count. */
export function cookiesOf(
  request: Pick<FastifyRequest, "headers" | "protocol">,
): Readonly<Record<string, string | undefined>> {
  const sent = parse(request.headers.cookie ?? "");
  const isSecure = request.protocol === "https";
  const cookies: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(sent)) {
    if (name.startsWith(PREFIX) !== isSecure) continue;
    cookies[isSecure ? name.slice(PREFIX.length) : name] = value;
  }
  return cookies;
}

/** The value of `Set-Cookie`. */
export function setCookieText({ name, value, maxAgeMs }: CookieChange, protocol: string): string {
  const isSecure = protocol === "https";
  return serialize(isSecure ? PREFIX + name : name, value ?? "", {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: isSecure,
    ...(value === null ? { maxAge: 0 } : {}),
    ...(value === null || maxAgeMs === undefined ? {} : { maxAge: Math.floor(maxAgeMs / SECOND_MS) }),
  });
}
