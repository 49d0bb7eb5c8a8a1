/**
 * Reads the bodies of requests within bounds: JSON that is not nested without end, bytes for routes that take sounds or
 * tables, and none that trickles in for ever.
 */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../clock.js";
import { clientError } from "./failed-request.js";

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
    return parse(request, json, (error, value) =>
      error === null ? done(null, value) : done(clientError(400, "the body is no JSON")),
    );
  });
  server.addHook("preParsing", (request, _reply, payload, done) => {
    const timer = clock.after(BODY_MS, () => request.raw.destroy());
    payload.once("close", () => clock.cancel(timer));
    payload.once("end", () => clock.cancel(timer));
    done(null, payload);
  });
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
