/** Signing in and out: with a password and a second step, or with a passkey alone. */
import type { AuthenticationResponseJSON } from "@simplewebauthn/server";
import { z } from "zod";
import { askForPasskey } from "../../../accounts/passkeys.js";
import {
  type SignedIn,
  type StepEnded,
  type StepShown,
  secondStep,
  signIn,
  signInByPasskey,
  stepOwner,
} from "../../../accounts/sign-in.js";
import { orDatabaseFailed } from "../../../use-case.js";
import { auditOf } from "../audit-of.js";
import { withoutSession } from "../cookies.js";
import { databaseFailed, failureOf } from "../failures.js";
import { isProblem, type Problem, problem } from "../problem.js";
import { type ApiRequest, type Ok, ok, route } from "../route.js";
import { endEarlier, needsHttps, sessionCookies, signingIn, siteOf, slowed } from "../signing-in.js";
import { isoTime } from "../time.js";
import { passkeyOptions, passkeyResponse } from "./passkey-json.js";
import { hashingBusy, passwordText } from "./password-json.js";

const signedIn = z.object({
  state: z.literal("signed_in"),
  username: z.string(),
  /** Unless it is used before. */
  ends_at: z.string(),
});

const secondStepNeeded = z.object({
  state: z.literal("second_step"),
  /** For the next request; it works for a few tries until `ends_at`. */
  step: z.string(),
  ways: z.array(z.enum(["totp", "passkey", "recovery_code"])),
  ends_at: z.string(),
});

const answer = z.discriminatedUnion("state", [signedIn, secondStepNeeded]);
type Answer = z.infer<typeof answer>;

const step = z.string().min(1).max(100);

export const signInRoutes = {
  signIn: route({
    method: "POST",
    path: "/sign-in",
    tag: "Sign in",
    summary: "Sign in with a password",
    description:
      "A session begins, in a cookie. With a second step, `state` says which ways there are; go on at `/sign-in/second-step` or with a passkey.",
    access: { needs: "nothing" },
    body: z.strictObject({
      username: z.string().min(1).max(320).describe("the username, or the e-mail address"),
      password: passwordText,
    }),
    answer,
    handle: async (request) => {
      const live = await request.services.live();
      if ("outcome" in live) return failureOf(request.services, live);
      const { username: name, password } = request.body;
      return (
        needsHttps(request) ??
        answered(
          request,
          await signIn(request.services.deps, live, { ...(await signingIn(request)), name, password }),
        )
      );
    },
  }),
  secondStep: route({
    method: "POST",
    path: "/sign-in/second-step",
    tag: "Sign in",
    summary: "Sign in with the code of an app, or with a recovery code",
    access: { needs: "nothing" },
    body: z.strictObject({
      step,
      way: z.enum(["totp", "recovery_code"]),
      code: z.string().min(1).max(64),
    }),
    answer,
    handle: async (request) => {
      const { step: which, way, code } = request.body;
      return shown(request, which, { way, code });
    },
  }),
  askForPasskey: route({
    method: "POST",
    path: "/sign-in/passkey/options",
    tag: "Sign in",
    summary: "Ask for a passkey",
    description:
      "`options` are for `navigator.credentials.get`. With `step` it is the second step after a password.",
    access: { needs: "nothing" },
    body: z.strictObject({ step: step.optional() }),
    answer: passkeyOptions,
    handle: async (request) => {
      const { services, address, body } = request;
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      const done = await orDatabaseFailed(async () => {
        const username = body.step === undefined ? null : await stepOwner(services.deps, body.step);
        if (username === undefined) return problem("gone", { detail: "sign in again" });
        const purpose = username === null ? "sign_in" : "second_step";
        const options = await askForPasskey(services.deps, { purpose, username }, site, address);
        return ok({ options: { ...options } });
      });
      return "outcome" in done ? databaseFailed(services, done) : done;
    },
  }),
  signInByPasskey: route({
    method: "POST",
    path: "/sign-in/passkey",
    tag: "Sign in",
    summary: "Sign in with a passkey",
    access: { needs: "nothing" },
    body: z.strictObject({ step: step.optional(), response: passkeyResponse }),
    answer,
    handle: async (request) => {
      const { services, body } = request;
      const site = await siteOf(request);
      if (isProblem(site)) return site;
      const response = body.response as AuthenticationResponseJSON;
      if (body.step !== undefined) return shown(request, body.step, { way: "passkey", response, site });
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const by = { ...(await signingIn(request)), response, site };
      return needsHttps(request) ?? answered(request, await signInByPasskey(services.deps, live, by));
    },
  }),
  signOut: route({
    method: "POST",
    path: "/sign-out",
    tag: "Sign in",
    summary: "Sign out",
    description: "The session of this browser ends.",
    access: { needs: "session" },
    answer: z.null(),
    status: 204,
    handle: async (request) => {
      const { services, actor, origin } = request;
      const { username } = actor.user;
      const id = actor.via.kind === "session" ? actor.via.sessionId : "";
      const ended = await orDatabaseFailed(() => services.deps.store.sessions.end(username, id));
      if (typeof ended === "object") return databaseFailed(services, ended);
      await services.audit({
        ...auditOf(request),
        action: "signed_out",
        subject: `user:${username}`,
        detail: {},
      });
      return ok(null, { cookies: [withoutSession(origin)] });
    },
  }),
};

type Request = Pick<
  ApiRequest<unknown, unknown, unknown, unknown>,
  "address" | "userAgent" | "origin" | "cookies" | "services"
>;

async function shown(request: Request, which: string, what: StepShown): Promise<Ok<Answer> | Problem> {
  const { services } = request;
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const by = { ...(await signingIn(request)), step: which, shown: what };
  return needsHttps(request) ?? answered(request, await secondStep(services.deps, live, by));
}

async function answered(request: Request, done: SignedIn | StepEnded): Promise<Ok<Answer> | Problem> {
  const { services } = request;
  switch (done.outcome) {
    case "signed_in": {
      await endEarlier(request);
      await note(request, done.username, "signed_in", {
        way: done.way,
        new_device: done.standing !== "known",
      });
      const value = { state: "signed_in", username: done.username, ends_at: isoTime(done.endsMs) } as const;
      return ok(value, { cookies: sessionCookies(done, request) });
    }
    case "second_step": {
      const { step: secret, ways, endsMs } = done;
      return ok({ state: "second_step", step: secret, ways: [...ways], ends_at: isoTime(endsMs) } as const);
    }
    case "wrong":
      await note(request, done.username, "sign_in_failed", { because: "wrong" });
      return problem("wrong_credentials", { detail: "the name, the password or the code is wrong" });
    case "suspended":
      await note(request, done.username, "sign_in_failed", { because: "suspended" });
      return problem("suspended");
    case "step_ended":
      return problem("gone", {
        detail: "the time for the second step is over, or it failed too often: sign in again",
      });
    case "slowed":
      return slowed(done);
    case "hashing_busy":
      return hashingBusy();
    case "database_failed":
      return databaseFailed(services, done);
  }
}

/** The name as it was typed is not kept: people type passwords there. */
function note(
  { services, address, userAgent }: Request,
  username: string | null,
  action: "signed_in" | "sign_in_failed",
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  return services.audit({
    actor: action === "signed_in" ? username : null,
    key: null,
    address,
    action,
    subject: username === null ? null : `user:${username}`,
    detail: { ...detail, browser: userAgent.slice(0, 256) },
  });
}
