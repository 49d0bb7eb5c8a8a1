/**
 * PINs, with which people listen to their mailbox from any phone. Everybody sets their own. Whoever sets another's PIN could
 * listen to the other's messages, which System Admins alone may; a PIN is taken away or unlocked by whoever changes users.
 */
import { z } from "zod";
import { aboveBy } from "../../../../../policy/access/rights.js";
import { WEAK_PIN_WORDS } from "../../../../../policy/mailbox/pin-words.js";
import { type DatabaseFailed, orDatabaseFailed } from "../../../../use-case.js";
import {
  clearPin,
  type NoUser,
  type PinSource,
  setPin,
  unlockPin,
} from "../../../../voicemail/admin/pins.js";
import { auditOf } from "../../audit-of.js";
import { databaseFailed, failureOf } from "../../failures.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import { isoTime } from "../../time.js";
import type { WhoReads } from "./reader-of.js";

const params = z.object({ username: z.string().max(100) });
/** Longer texts are none, and hashing them is work. */
const PIN_CHARACTERS_MAX = 100;

const state = z.object({
  set: z.boolean(),
  /** After too many wrong ones; null: it is not locked. */
  locked_until_at: z.iso.datetime().nullable(),
});

export const pinRoutes = {
  getPin: route({
    method: "GET",
    path: "/users/{username}/pin",
    tag: "PINs",
    summary: "Tell whether a user has a PIN, and whether it is locked",
    access: { needs: "permission", permission: "users", others: "own" },
    params,
    answer: state,
    handle: async (request) => {
      const refusal = await refusalTo("look", request);
      return refusal ?? shown(request);
    },
  }),

  setPin: route({
    method: "PUT",
    path: "/users/{username}/pin",
    tag: "PINs",
    summary: "Set a PIN, or have one made",
    access: { needs: "permission", permission: "system_admin", others: "own" },
    params,
    body: z
      .strictObject({
        pin: z.string().max(PIN_CHARACTERS_MAX).optional(),
        generate: z.literal(true).optional().describe("make one, which the answer shows this once"),
      })
      .refine((body) => (body.pin === undefined) !== (body.generate === undefined), {
        error: "give one of `pin` and `generate`",
      }),
    answer: z.object({
      /** The one that was made; null: the person knows it. */
      pin: z.string().nullable(),
    }),
    handle: async (request) => {
      const refusal = await refusalTo("change", request);
      if (refusal !== undefined) return refusal;
      const { params: asked, body, services } = request;
      const source: PinSource =
        body.generate === true ? { kind: "generated" } : { kind: "asked", ask: async () => body.pin };
      const ended = await setPin(services.deps, asked.username, source);
      switch (ended.outcome) {
        case "set":
          await note(request, { set: true, generated: body.generate === true });
          return ok({ pin: ended.pin });
        case "weak":
          return problem("checks_failed", {
            errors: [{ field: "/pin", code: `pin_${ended.why}`, message: WEAK_PIN_WORDS[ended.why] }],
          });
        case "not_said":
          return problem("wrong_request", { detail: "no PIN is given" });
        default:
          return notDone(request, ended);
      }
    },
  }),

  clearPin: route({
    method: "DELETE",
    path: "/users/{username}/pin",
    tag: "PINs",
    summary: "Take a PIN away: nobody listens to the mailbox by PIN any more",
    access: { needs: "permission", permission: "users", others: "own" },
    params,
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const refusal = await refusalTo("change", request);
      if (refusal !== undefined) return refusal;
      const ended = await clearPin(request.services.deps, request.params.username);
      switch (ended.outcome) {
        case "no_pin":
          return noPin(request.params.username);
        case "cleared":
          await note(request, { cleared: true });
          return ok(null);
        default:
          return notDone(request, ended);
      }
    },
  }),

  unlockPin: route({
    method: "POST",
    path: "/users/{username}/pin/unlock",
    tag: "PINs",
    summary: "Unlock a PIN after too many wrong ones",
    access: { needs: "permission", permission: "users", others: "own" },
    params,
    answer: state,
    handle: async (request) => {
      const refusal = await refusalTo("change", request);
      if (refusal !== undefined) return refusal;
      const ended = await unlockPin(request.services.deps, request.params.username);
      switch (ended.outcome) {
        case "no_pin":
          return noPin(request.params.username);
        case "unlocked":
          await note(request, { unlocked: true });
          return shown(request);
        case "was_not_locked":
          return shown(request);
        default:
          return notDone(request, ended);
      }
    },
  }),
};

interface OfUser extends WhoReads {
  readonly params: { readonly username: string };
  readonly address: string;
}

/** Undefined: who asks may. */
async function refusalTo(
  does: "look" | "change",
  { actor, reach, services, params: { username } }: OfUser,
): Promise<Problem | undefined> {
  const isOwn = username === actor.user.username;
  if (!isOwn && reach !== "all") return problem("no_permission", { detail: "this is for your own PIN" });
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const user = live.table.user(username);
  if (user === undefined) return noUser(username);
  const above = does === "change" && !isOwn ? aboveBy(actor, user) : undefined;
  return above === undefined ? undefined : problem("no_permission", { permission: above });
}

async function shown({ services, params: { username } }: OfUser) {
  const { store, clock } = services.deps;
  const pin = await orDatabaseFailed(() => store.mailboxAccess.pinOf(username));
  if ("outcome" in pin) return databaseFailed(services, pin);
  const isLocked = pin.lockedUntilMs > clock.nowMs();
  return ok({ set: pin.isSet, locked_until_at: isLocked ? isoTime(pin.lockedUntilMs) : null });
}

function notDone({ services, params: { username } }: OfUser, ended: NoUser | DatabaseFailed): Problem {
  return ended.outcome === "no_user" ? noUser(username) : databaseFailed(services, ended);
}

function noUser(username: string): Problem {
  return problem("not_found", { detail: `there is no user \`${username}\`` });
}

function noPin(username: string): Problem {
  return problem("not_found", { detail: `\`${username}\` has no PIN` });
}

function note(request: OfUser, detail: Readonly<Record<string, unknown>>): Promise<void> {
  const subject = `user:${request.params.username}`;
  return request.services.audit({ ...auditOf(request), action: "pin_changed", subject, detail });
}
