/** Keys of the API: what a program asks with for the person who made the key. */
import { z } from "zod";
import { askerMay, type KeyPower, personMay } from "../../../../policy/access/access.js";
import type { ApiKey } from "../../../../storage/accounts/api-keys.js";
import { KEY_POWERS, KEYS_NEED, makeKey, powersOf } from "../../../accounts/api-keys.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed } from "../failures.js";
import { pageOf, pageQuery, readKey, writeKey } from "../paging.js";
import { type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { confirmFirst } from "../signing-in.js";
import { isoTime } from "../time.js";

const power = z.enum(KEY_POWERS);

const key = z.object({
  id: z.string(),
  /** Whose it is. */
  username: z.string(),
  name: z.string(),
  /** What it was made for. */
  powers: z.array(power),
  /** What it may do now, by what its maker may. */
  works_for: z.array(power),
  made_at: z.string(),
  expires_at: z.string().nullable(),
  used_at: z.string().nullable(),
  used_from: z.string().nullable(),
  may: z.object({ end: z.boolean() }),
});

export const keyRoutes = {
  listKeys: route({
    method: "GET",
    path: "/keys",
    tag: "Keys",
    summary: "List keys of the API",
    description: "Your own; of everybody for System Admins. A key's text is shown only when it is made.",
    access: { needs: "permission", permission: "system_admin", others: "own" },
    query: z.object(pageQuery),
    answer: pageOf(key),
    handle: async ({ actor, reach, query, services }) => {
      const username = reach === "all" ? null : actor.user.username;
      const after = query.after === undefined ? "" : (readKey(query.after)?.[1] ?? "");
      const found = await orDatabaseFailed(() =>
        services.deps.store.apiKeys.list(username, { after, limit: query.limit + 1 }),
      );
      if ("outcome" in found) return databaseFailed(services, found);
      const live = await services.live();
      const page = found.slice(0, query.limit);
      const last = page.at(-1);
      const next = found.length > page.length && last !== undefined ? writeKey(["", last.id]) : null;
      return ok({
        items: page.map((each) => keyJson(each, actor, "outcome" in live ? undefined : live.table)),
        next,
      });
    },
  }),
  makeKey: route({
    method: "POST",
    path: "/keys",
    tag: "Keys",
    summary: "Make a key of the API",
    description:
      "It may do a part of what you may, looked at again each time. `key` is shown once: send it as `Authorization: Bearer …`.",
    access: { needs: "session", permission: KEYS_NEED },
    body: z.strictObject({
      name: z
        .string()
        .trim()
        .min(1)
        .max(64)
        .regex(/^[^\p{C}]*$/u, "letters and signs that can be printed"),
      powers: z
        .array(power)
        .min(1)
        .max(KEY_POWERS.length)
        .describe("permissions of yours, and `own` for what belongs to you"),
      expires_at: z.iso
        .datetime({ offset: true })
        .nullable()
        .default(null)
        .describe("null: it does not end by itself"),
    }),
    answer: z.object({ id: z.string(), key: z.string() }),
    status: 201,
    handle: async (request) => {
      const { actor, services, body } = request;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const { name, powers, expires_at: expires } = body;
      const wanted = { name, powers, expiresMs: expires === null ? null : Date.parse(expires) };
      const made = await makeKey(services.deps, actor, wanted);
      switch (made.outcome) {
        case "database_failed":
          return databaseFailed(services, made);
        case "not_theirs":
          return problem("no_permission", {
            permission: made.power,
            detail: `you cannot give a key what you may not do yourself: \`${made.power}\``,
          });
        case "too_many":
          return problem("conflict", { detail: "you have too many keys; end some first" });
        case "over_already":
          return wrongField("/expires_at", "past", "this time is past");
        case "key_made":
          await services.audit({
            ...auditOf(request),
            action: "key_made",
            subject: `key:${made.id}`,
            detail: { name, powers, expires_at: expires },
          });
          return ok({ id: made.id, key: made.text });
      }
    },
  }),
  endKey: route({
    method: "DELETE",
    path: "/keys/{id}",
    tag: "Keys",
    summary: "End a key of the API",
    access: { needs: "session" },
    params: z.strictObject({ id: z.string().min(1).max(64) }),
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { actor, services, params } = request;
      const found = await visibleKey(services, actor, params.id);
      if ("kind" in found) return found;
      const ended = await orDatabaseFailed(() => services.deps.store.apiKeys.end(found.id));
      if (typeof ended === "object") return databaseFailed(services, ended);
      const { name, username } = found;
      await services.audit({
        ...auditOf(request),
        action: "key_ended",
        subject: `key:${found.id}`,
        detail: { name, username },
      });
      return ok(null);
    },
  }),
};

/** Somebody else's key is not there for people who may not see it. */
async function visibleKey(services: Services, actor: Actor, id: string): Promise<ApiKey | Problem> {
  const found = await orDatabaseFailed(() => services.deps.store.apiKeys.byId(id));
  if (found !== undefined && "outcome" in found) return databaseFailed(services, found);
  return found !== undefined && mayEnd(found, actor)
    ? found
    : problem("not_found", { detail: "there is no such key" });
}

function mayEnd({ username }: ApiKey, actor: Actor): boolean {
  return username === actor.user.username || askerMay(actor, "system_admin");
}

function keyJson(each: ApiKey, actor: Actor, office: Parameters<typeof makerOf>[1]): z.infer<typeof key> {
  const { id, username, name, madeMs, expiresMs, usedMs, usedFrom } = each;
  const maker = makerOf(each, office);
  return {
    id,
    username,
    name,
    powers: KEY_POWERS.filter((one) => each.powers.includes(one)),
    works_for: maker === undefined ? [] : worksFor(each, maker),
    made_at: isoTime(madeMs),
    expires_at: expiresMs === null ? null : isoTime(expiresMs),
    used_at: usedMs === null ? null : isoTime(usedMs),
    used_from: usedFrom,
    may: { end: mayEnd(each, actor) && actor.keyPowers === null },
  };
}

type Maker = Parameters<typeof powersOf>[1];

function makerOf(
  { username }: ApiKey,
  office: (Maker["office"] & { user(name: string): Maker["user"] | undefined }) | undefined,
): Maker | undefined {
  const user = office?.user(username);
  return office === undefined || user === undefined || user.suspended === true ? undefined : { user, office };
}

function worksFor(each: ApiKey, maker: Maker): KeyPower[] {
  return powersOf(each, maker).filter((one) => one === "own" || personMay(maker, one));
}

function wrongField(field: string, code: string, message: string): Problem {
  return problem("checks_failed", { detail: message, errors: [{ field, code, message }] });
}
