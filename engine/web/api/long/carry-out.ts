/** Handles a request whose work is long, away from the thread that answers all others, and writes the answer's text there. */
import { z } from "zod";
import { sourceOf } from "../../../../policy/access/rights.js";
import { SqlError } from "../../../../storage/database.js";
import type { AnyRoute } from "../route.js";
import { ROUTES } from "../routes.js";
import type { Services } from "../services.js";
import type { LongAnswer, LongAnswered, LongAsked } from "./messages.js";

const BY_ID = new Map<string, AnyRoute>(Object.entries(ROUTES));

/** Never rejects. */
export async function carryOut(services: Services, asked: LongAsked): Promise<LongAnswered> {
  try {
    return { answer: await answerOf(services, asked) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { failure: { message, stack, sqlCode: error instanceof SqlError ? error.code : undefined } };
  }
}

async function answerOf(services: Services, asked: LongAsked): Promise<LongAnswer> {
  const { operation, actor, body, ...request } = asked;
  const route = BY_ID.get(operation);
  if (route === undefined) throw new Error(`there is no operation \`${operation}\``);
  const result = await route.handle({
    ...request,
    body: withBuffer(body),
    actor: { ...actor, office: sourceOf(actor.office) },
    // Who has gone meanwhile has asked for it all the same.
    signal: new AbortController().signal,
    services,
  } as never);
  switch (result.kind) {
    case "problem":
      return result;
    case "ok": {
      const encoded: unknown =
        result.isEncoded === true ? result.value : z.encode(route.answer as z.ZodType, result.value);
      return { ...result, value: null, json: JSON.stringify(encoded) };
    }
    case "download":
      if (typeof result.body === "string" || result.body instanceof Uint8Array)
        return { ...result, body: result.body };
  }
  throw new Error(`\`${operation}\` answers what cannot be handed to another thread`);
}

/** Bytes come without the methods of Node.js. */
function withBuffer(body: unknown): unknown {
  if (typeof body !== "object" || body === null || !("bytes" in body)) return body;
  const { bytes } = body;
  if (!(bytes instanceof Uint8Array)) return body;
  return { ...body, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
