/** What a person is asked for besides the password: codes of an app, recovery codes, passkeys. */
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { addPasskey, askForNewPasskey, removePasskey } from "../../../accounts/passkeys.js";
import {
  beginTotp,
  confirmTotp,
  freshRecoveryCodes,
  needsSecondStep,
  removeTotp,
} from "../../../accounts/second-factors.js";
import { orDatabaseFailed } from "../../../use-case.js";
import type { Actor } from "../actor.js";
import { auditOf } from "../audit-of.js";
import { databaseFailed, failureOf } from "../failures.js";
import { isProblem, type Problem, problem } from "../problem.js";
import { type ApiRequest, ok, route } from "../route.js";
import { confirmFirst, siteOf } from "../signing-in.js";
import { isoTime } from "../time.js";
import { newPasskeyResponse, passkeyOptions } from "./passkey-json.js";

const passkey = z.object({
  id: z.string(),
  name: z.string(),
  /** The password alone is not enough any more. */
  is_second_step: z.boolean(),
  /** A service keeps it: it is not lost with a device. */
  is_synced: z.boolean(),
  made_at: z.string(),
  used_at: z.string().nullable(),
});

const recoveryCodes = z.array(z.string());
const passkeyName = z.string().trim().min(1).max(64);

export const secondFactorRoutes = {
  readSecondFactors: route({
    method: "GET",
    path: "/me/second-factors",
    tag: "Sign in",
    summary: "Say what you are asked for besides the password",
    access: { needs: "session" },
    answer: z.object({
      /** An app shows codes. */
      totp: z.boolean(),
      passkeys: z.array(passkey),
      /** The password alone is not enough. */
      is_needed: z.boolean(),
      /** So many were not used. */
      recovery_codes: z.number().int(),
    }),
    handle: async ({ actor, services }) => {
      const { username } = actor.user;
      const { store } = services.deps;
      const read = await orDatabaseFailed(async () => ({
        factors: await store.secondFactors.of(username),
        passkeys: await store.passkeys.of(username),
      }));
      if ("outcome" in read) return databaseFailed(services, read);
      return ok({
        totp: read.factors.hasTotp,
        passkeys: read.passkeys.map(({ id, name, isSecondStep, isSynced, madeMs, usedMs }) => ({
          id,
          name,
          is_second_step: isSecondStep,
          is_synced: isSynced,
          made_at: isoTime(madeMs),
          used_at: usedMs === null ? null : isoTime(usedMs),
        })),
        is_needed: needsSecondStep(read.factors),
        recovery_codes: read.factors.recoveryCodes,
      });
    },
  }),
  beginTotp: route({
    method: "POST",
    path: "/me/totp",
    tag: "Sign in",
    summary: "Begin to add an app that shows codes",
    description: "It counts when it has shown its first code. `address` is for a QR code.",
    access: { needs: "session" },
    answer: z.object({ secret: z.string(), address: z.string() }),
    handle: async ({ actor, services }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const begun = await beginTotp(services.deps, actor.user.username, live.office.name);
      if (begun.outcome === "database_failed") return databaseFailed(services, begun);
      if (begun.outcome === "exists")
        return problem("exists", { detail: "an app shows your codes already: remove it first" });
      return ok({ secret: begun.secret, address: begun.address });
    },
  }),
  confirmTotp: route({
    method: "POST",
    path: "/me/totp/confirmation",
    tag: "Sign in",
    summary: "Show the first code of the app",
    description:
      "From then on a code is asked for. The recovery codes are shown once, and replace earlier ones.",
    access: { needs: "session" },
    body: z.strictObject({ code: z.string().min(1).max(16) }),
    answer: z.object({ recovery_codes: recoveryCodes }),
    handle: async (request) => {
      const { actor, services, body } = request;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const done = await confirmTotp(services.deps, actor.user.username, body.code);
      switch (done.outcome) {
        case "database_failed":
          return databaseFailed(services, done);
        case "not_begun":
          return problem("conflict", { detail: "no app waits for its first code" });
        case "wrong": {
          const message = "the app shows another code now; is its clock right?";
          return problem("checks_failed", {
            detail: message,
            errors: [{ field: "/code", code: "wrong_code", message }],
          });
        }
        case "totp_added":
          await noted(request, "second_factor_added", { kind: "totp" });
          return ok({ recovery_codes: [...done.recoveryCodes] });
      }
    },
  }),
  removeTotp: route({
    method: "DELETE",
    path: "/me/totp",
    tag: "Sign in",
    summary: "Remove the app that shows codes",
    access: { needs: "session" },
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { actor, services } = request;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const isRemoved = await removeTotp(services.deps, actor.user.username);
      return removed(request, isRemoved, { kind: "totp" });
    },
  }),
  makeRecoveryCodes: route({
    method: "POST",
    path: "/me/recovery-codes",
    tag: "Sign in",
    summary: "Make new recovery codes",
    description:
      "They are shown once, and replace earlier ones. Each works once, in the place of a code or a passkey.",
    access: { needs: "session" },
    answer: z.object({ recovery_codes: recoveryCodes }),
    handle: async (request) => {
      const { actor, services } = request;
      const { username } = actor.user;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const codes = await orDatabaseFailed(async () => {
        const factors = await services.deps.store.secondFactors.of(username);
        return needsSecondStep(factors) ? freshRecoveryCodes(services.deps, username) : [];
      });
      if ("outcome" in codes) return databaseFailed(services, codes);
      if (codes.length === 0)
        return problem("conflict", { detail: "nothing is asked for that they could take the place of" });
      await noted(request, "second_factor_added", { kind: "recovery_codes" });
      return ok({ recovery_codes: [...codes] });
    },
  }),
  askForNewPasskey: route({
    method: "POST",
    path: "/me/passkeys/options",
    tag: "Sign in",
    summary: "Ask for a new passkey",
    description: "`options` are for `navigator.credentials.create`.",
    access: { needs: "session" },
    answer: passkeyOptions,
    handle: async (request) => {
      const { actor, services, address } = request;
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const options = await orDatabaseFailed(async () => ({
        options: { ...(await askForNewPasskey(services.deps, actor.user, site, address)) },
      }));
      return "outcome" in options ? databaseFailed(services, options) : ok(options);
    },
  }),
  addPasskey: route({
    method: "POST",
    path: "/me/passkeys",
    tag: "Sign in",
    summary: "Add the passkey that a device has made",
    access: { needs: "session" },
    body: z.strictObject({
      name: passkeyName,
      /** From now on the password alone is not enough. Left out: it is another way to sign in. */
      is_second_step: z.boolean().default(false),
      response: newPasskeyResponse,
    }),
    answer: z.object({
      id: z.string(),
      /** If a second step is asked for from now on; shown once. */
      recovery_codes: recoveryCodes.nullable(),
    }),
    status: 201,
    handle: async (request) => {
      const { actor, services, body } = request;
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const done = await addPasskey(services.deps, actor.user.username, {
        name: body.name,
        isSecondStep: body.is_second_step,
        response: body.response as RegistrationResponseJSON,
        site,
      });
      switch (done.outcome) {
        case "database_failed":
          return databaseFailed(services, done);
        case "exists":
          return problem("exists", { detail: "this passkey was added before" });
        case "wrong":
          return problem("conflict", { detail: "this passkey was not made for what was asked; ask again" });
        case "passkey_added": {
          await noted(request, "second_factor_added", { kind: "passkey", name: body.name });
          const { id, recoveryCodes: codes } = done;
          return ok({ id, recovery_codes: codes === null ? null : [...codes] });
        }
      }
    },
  }),
  removePasskey: route({
    method: "DELETE",
    path: "/me/passkeys/{id}",
    tag: "Sign in",
    summary: "Remove a passkey",
    access: { needs: "session" },
    params: z.strictObject({ id: z.string().min(1).max(1_400) }),
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { actor, services, params } = request;
      const first = confirmFirst(actor, services);
      if (first !== undefined) return first;
      const isRemoved = await removePasskey(services.deps, actor.user.username, params.id);
      return removed(request, isRemoved, { kind: "passkey" });
    },
  }),
};

type Request = ApiRequest<unknown, unknown, unknown, Actor>;

function noted(
  request: Request,
  action: "second_factor_added" | "second_factor_removed",
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const subject = `user:${request.actor.user.username}`;
  return request.services.audit({ ...auditOf(request), action, subject, detail });
}

async function removed(
  request: Request,
  isRemoved: Awaited<ReturnType<typeof removeTotp>>,
  detail: Readonly<Record<string, unknown>>,
): Promise<Problem | ReturnType<typeof ok<null>>> {
  if (typeof isRemoved === "object") return databaseFailed(request.services, isRemoved);
  if (!isRemoved) return problem("not_found", { detail: "you have none" });
  await noted(request, "second_factor_removed", detail);
  return ok(null);
}
