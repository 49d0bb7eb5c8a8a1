/**
 * Makes a request that creates something safe to send twice, when the answer to the first was lost: with the same
 * `Idempotency-Key` the second is given the first one's answer.
 */
import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { KeptAnswer, RequestKey, SeenRequest } from "../../../storage/idempotency.js";
import type { Actor } from "./actor.js";
import { type Problem, problem } from "./problem.js";
import type { AnyRoute, Ok } from "./route.js";
import type { Services } from "./services.js";

const DAY_MS = 86_400_000;
/** No handler works longer (`mount.ts`). */
const ANSWERING_MS = 120_000;
/** Old rows are removed now and then, not with each request. */
const CLEAN_MS = 3_600_000;

/** What a client may choose; one of random bytes is best. */
const KEY = /^[\x21-\x7e]{1,64}$/;

type Result = Ok<unknown> | Problem | { readonly kind: "sound" | "download" | "events" };

export class Idempotency {
  readonly #services: Services;
  #cleanedMs = 0;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Runs a handler, or gives the answer to the first request of the same key. */
  async once<R extends Result>(
    route: AnyRoute,
    request: FastifyRequest,
    actor: Actor | null,
    handle: () => Promise<R>,
  ): Promise<R | Ok<unknown> | Problem> {
    const key = request.headers["idempotency-key"];
    if (route.isCreating !== true || actor === null || key === undefined) return handle();
    if (typeof key !== "string" || !KEY.test(key)) return wrongKey();
    const { deps } = this.#services;
    const table = deps.store.idempotency;
    const asked: RequestKey = { actor: nameOf(actor), key };
    const digest = digestOf(request);
    const nowMs = deps.clock.nowMs();
    await this.#clean(nowMs);
    const seen = await table.begin(asked, digest, nowMs);
    if (seen !== undefined) return again(seen, digest, nowMs);
    const result = await handle();
    if (result.kind === "ok") await table.answered(asked, keptOf(route, result));
    else await table.forget(asked);
    return result;
  }

  async #clean(nowMs: number): Promise<void> {
    if (nowMs - this.#cleanedMs < CLEAN_MS) return;
    this.#cleanedMs = nowMs;
    await this.#services.deps.store.idempotency.forgetBefore(nowMs - DAY_MS);
  }
}

function nameOf({ user, via }: Actor): string {
  return via.kind === "key" ? `key:${via.keyId}` : `user:${user.username}`;
}

function digestOf({ method, url, body }: FastifyRequest): string {
  const bytes = body as { readonly bytes?: unknown } | null | undefined;
  const hash = createHash("sha256").update(`${method} ${url}\n`);
  return (
    Buffer.isBuffer(bytes?.bytes) ? hash.update(bytes.bytes) : hash.update(JSON.stringify(body) ?? "")
  ).digest("hex");
}

function again({ digest, begunMs, answer }: SeenRequest, now: string, nowMs: number): Ok<unknown> | Problem {
  if (digest !== now) return problem("key_reused");
  if (answer === null)
    return nowMs - begunMs < ANSWERING_MS
      ? problem("conflict", { detail: "the first request is being answered; ask again", retry_after: 1 })
      : problem("conflict", {
          detail: "whether the first request was carried out is not known: look, and use another key",
        });
  const { value, status, revision, location, hadSecret } = answer;
  if (hadSecret)
    return problem("conflict", {
      detail: "it was carried out, and its answer had a secret, which is kept nowhere",
    });
  return {
    kind: "ok",
    value,
    isEncoded: true,
    status: status as 200 | 201 | 202 | 204,
    ...(revision === null ? {} : { revision }),
    ...(location === null ? {} : { location }),
  };
}

function keptOf(
  route: AnyRoute,
  { value, json, status, revision, location, cookies = [] }: Ok<unknown>,
): KeptAnswer {
  const hadSecret = route.answersSecret === true || cookies.length > 0;
  const encoded = (): unknown =>
    json === undefined ? z.encode(route.answer as z.ZodType, value) : JSON.parse(json);
  return {
    status: status ?? route.status ?? 200,
    revision: revision ?? null,
    location: location ?? null,
    value: hadSecret || "raw" in route.answer ? null : encoded(),
    hadSecret,
  };
}

function wrongKey(): Problem {
  const fault = {
    field: "header/idempotency-key",
    code: "wrong_value",
    message: "this is no key",
    expected: "1 to 64 letters, digits and signs without spaces",
  };
  return problem("wrong_request", { errors: [fault] });
}
