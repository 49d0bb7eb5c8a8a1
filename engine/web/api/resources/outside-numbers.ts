/** Outside numbers that people prove to be theirs: a call says a code, and the number becomes a device of theirs. */
import { z } from "zod";
import {
  askProof,
  type ProofAsked,
  type ProofShown,
  readProof,
  useCode,
} from "../../../accounts/number-proofs.js";
import { auditOf } from "../audit-of.js";
import { changeAnswer, changeQuery, edit } from "../changes.js";
import { failureOf } from "../failures.js";
import { type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";

const TAG = "Devices";
const OWN = { needs: "own" } as const;

const proofParams = z.object({ proof: z.uuid() });

const proof = z.object({
  id: z.string(),
  number: z.string(),
  device: z.string(),
  /** `said`: somebody has answered, and hears the code. */
  state: z.enum(["asked", "calling", "said", "failed", "proved"]),
  /** Why the call failed. */
  why: z.string().nullable(),
  valid_until_at: z.string(),
});

export const outsideNumberRoutes = {
  proveNumber: route({
    method: "POST",
    path: "/me/outside-numbers",
    tag: TAG,
    summary: "Have an outside number called that is to become your device; the call says a code",
    access: OWN,
    body: z.object({
      number: z.string().min(1).max(40),
      device: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
        .default("cell")
        .describe("the id that the device gets"),
    }),
    answer: proof,
    status: 202,
    isCreating: true,
    handle: async ({ services, body, actor }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const wish = { username: actor.user.username, ...body };
      const asked = await askProof(services.deps, live.office, wish);
      return asked.outcome === "asked"
        ? ok(proofJson(asked.proof), { location: `/me/outside-numbers/${asked.proof.id}` })
        : askedProblem(services, asked);
    },
  }),

  getNumberProof: route({
    method: "GET",
    path: "/me/outside-numbers/{proof}",
    tag: TAG,
    summary: "Show how far the call is",
    access: OWN,
    params: proofParams,
    answer: proof,
    handle: async ({ services, params, actor }) => {
      const read = await readProof(services.deps, actor.user.username, params.proof);
      if (read.outcome === "shown") return ok(proofJson(read.proof));
      return read.outcome === "not_found" ? problem("not_found") : failureOf(services, read);
    },
  }),

  useNumberCode: route({
    method: "POST",
    path: "/me/outside-numbers/{proof}/code",
    tag: TAG,
    summary: "Give the code that the call has said; the number becomes your device",
    access: OWN,
    params: proofParams,
    query: changeQuery.omit({ dry_run: true }),
    body: z.object({ code: z.string().min(1).max(20) }),
    answer: changeAnswer,
    status: 201,
    isChangingOffice: true,
    handle: async (request) => {
      const { services, params, body, actor } = request;
      const used = await useCode(services.deps, actor.user.username, { id: params.proof, code: body.code });
      switch (used.outcome) {
        case "right": {
          await services.audit({
            ...auditOf(request),
            ...{ action: "number_proved", subject: `user:${actor.user.username}` },
            detail: { number: used.number },
          });
          return edit(request, [used.edit], {
            provenNumbers: [used.number],
            location: `/users/${encodeURIComponent(actor.user.username)}/devices`,
          });
        }
        case "wrong":
          return problem("checks_failed", {
            detail: `this is not the code; ${used.left} more ${used.left === 1 ? "try" : "tries"}`,
            errors: [{ field: "/code", code: "wrong_code", message: "this is not the code" }],
          });
        case "over":
          return problem("gone", {
            detail: "this code does not work any more: have the number called again",
          });
        case "not_found":
          return problem("not_found");
        case "database_failed":
          return failureOf(services, used);
      }
    },
  }),
};

function proofJson({ id, number, device, state, why, validUntilMs }: ProofShown): z.infer<typeof proof> {
  return { id, number, device, state, why, valid_until_at: isoTime(validUntilMs) };
}

function askedProblem(services: Services, asked: Exclude<ProofAsked, { outcome: "asked" }>): Problem {
  const fault = (code: string, message: string, field = "/number") =>
    problem("checks_failed", { errors: [{ field, code, message }] });
  switch (asked.outcome) {
    case "no_number":
      return fault("no_number", "this is no telephone number");
    case "place_refused":
      return fault("place_refused", `the office does not call numbers such as ${asked.number}`);
    case "exists":
      return asked.what === "id"
        ? fault("exists", "you have a device of this name", "/device")
        : fault("exists", "this number is a device of yours already");
    case "no_carrier":
      return problem("conflict", { detail: "the office has no carrier by which a number could be called" });
    case "too_many":
      return problem("too_many", {
        detail: "too many numbers were called within the last hour",
        retry_after: Math.ceil(asked.againMs / 1000),
      });
    default:
      return failureOf(services, asked);
  }
}
