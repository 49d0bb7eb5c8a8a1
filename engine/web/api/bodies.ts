/**
 * Reads the bodies of requests within bounds: JSON that is not nested without end, bytes for routes that take sounds or
 * tables, and none that trickles in for ever.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../clock.js";
import { clientError } from "./failed-request.js";
import { type Problem, problem } from "./problem.js";
import type { AnyRoute, RawBody } from "./route.js";

/** A page's form, from a phone with a bad line; sounds and tables have the server's own, longer time. */
const BODY_MS = 10_000;
/** An office file is some ten deep. */
const DEPTH_MAX = 64;

/** @param raw bodies are bytes of any kind; the route says of which kinds */
export function readBodies(server: FastifyInstance, raw: boolean, clock: Clock): void {
  server.removeAllContentTypeParsers();
  if (raw) {
    server.addContentTypeParser("*", { parseAs: "buffer" }, (request, bytes, done) => {
      const [type = ""] = (request.headers["content-type"] ?? "").split(";");
      done(null, { type: type.trim().toLowerCase(), bytes });
    });
    return;
  }
  const parse = server.getDefaultJsonParser("error", "error");
  server.addContentTypeParser("application/json", { parseAs: "string" }, (request, text, done) => {
    const json = String(text);
    if (json.trim() === "") return done(null, undefined);
    if (isDeep(json)) return done(clientError(400, "the body is nested too deeply"));
    return parse(request, json, (error, value) => {
      if (error !== null) return done(clientError(400, "the body is no JSON"));
      if (hasHalfCharacters(json, value)) return done(clientError(400, "the body has halves of characters"));
      return done(null, value);
    });
  });
  server.addHook("preParsing", ({ raw: request }, _reply, payload, done) => {
    // Without a body there is no end that could be waited for.
    if (!hasBody(request)) return done(null, payload);
    const timer = clock.after(BODY_MS, () => request.destroy());
    payload.once("close", () => clock.cancel(timer));
    payload.once("end", () => clock.cancel(timer));
    return done(null, payload);
  });
}

/**
 * Whether a text has one half of a surrogate pair (RFC 8259, section 8.2), which no address and no file can have. When
 * JSON is written they stay escapes, and whole characters do not.
 */
function hasHalfCharacters(json: string, value: unknown): boolean {
  if (!/\\ud[89a-f]/i.test(json)) return false;
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value) ?? "");
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Why bytes are not taken: they are of another kind than the route reads, or there are none. */
export function unreadBody({ body: wanted }: AnyRoute, body: unknown): Problem | undefined {
  if (wanted === undefined || !("rawTypes" in wanted)) return undefined;
  const { type = "", bytes } = (body ?? {}) as { readonly type?: string; readonly bytes?: Buffer };
  const { rawTypes } = wanted as RawBody;
  if (!rawTypes.includes(type)) return problem("wrong_kind", { detail: `this reads ${rawTypes.join(", ")}` });
  const lacking = { field: "", code: "missing_key", message: "there is no body" };
  return bytes === undefined || bytes.length === 0
    ? problem("wrong_request", { errors: [lacking] })
    : undefined;
}

/** Whether brackets outside of texts are nested too deeply. */
function isDeep(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (inText) {
      if (char === "\\") at += 1;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === "{" || char === "[") {
      depth += 1;
      if (depth > DEPTH_MAX) return true;
    } else if (char === "}" || char === "]") depth -= 1;
  }
  return false;
}
