/** Parts that many answers about the office have: what drifts, and what a call does in words. */
import { z } from "zod";
import { readRoute } from "../../../policy/change/routes/route.js";
import { callSentences } from "../../../policy/change/routes/sentences.js";
import { routeWords } from "../../../policy/change/routes/wish.js";
import { exportSteps } from "../../../policy/office-file/export.js";
import type { NameSource } from "../../../policy/steps/names.js";
import type { StepFile } from "../../../policy/steps/registry.js";
import type { Step } from "../../../policy/steps/types.js";
import type { EntityDrift } from "../../office/views/live.js";

const cause = {
  /** The last change; null: kept as it was live when files were applied. */
  revision: z.number().int().nullable(),
  author: z.string(),
  message: z.string(),
  changed_at: z.string(),
};

/** What the operator's files say otherwise; null: nothing. */
export const drift = z
  .object({ ...cause, fields: z.array(z.object({ field: z.string(), ...cause })) })
  .nullable();

export function driftJson(found: EntityDrift | null): z.infer<typeof drift> {
  if (found === null) return null;
  return {
    ...causeJson(found),
    fields: found.fields.map((each) => ({ field: each.field, ...causeJson(each) })),
  };
}

function causeJson({
  revision,
  author,
  message,
  appliedMs,
}: Pick<EntityDrift, "author" | "message" | "appliedMs"> & { readonly revision: number | null }) {
  return { revision, author, message, changed_at: new Date(appliedMs).toISOString() };
}

/** Steps as an office file writes them. */
export const steps = z.array(z.looseObject({}) as unknown as z.ZodType<StepFile>);

/** What happens to a call. */
export const call = z.object({
  /** As an office file writes them; null: calls lead nowhere yet. */
  steps: steps.nullable(),
  /** One sentence a line: `Send the call to a user: Alice Wong`. */
  sentences: z.array(z.string()),
  /** The few words that would make the steps; null: they do more than such words can say. */
  route: z
    .object({
      /** `user:NAME`, `group:ID`, `flow:ID`, `extension:101` or `number:+1…`. */
      to: z.string(),
      ring: z.union([z.number(), z.literal("none")]).optional(),
      press_1: z.boolean().nullable().optional(),
      /** `voicemail`, `voicemail:user:NAME`, `hangup`, `hangup:busy`, `keep-ringing`, or a target. */
      after: z.string().optional(),
      /** Opening hours and announcements come first. */
      has_more_before: z.boolean(),
    })
    .nullable(),
});

export function callJson(flow: readonly Step[] | null, names: NameSource): z.infer<typeof call> {
  return {
    steps: flow === null ? null : exportSteps(flow),
    sentences: callSentences(flow, names),
    route: flow === null ? null : routeJson(flow),
  };
}

function routeJson(flow: readonly Step[]): z.infer<typeof call>["route"] {
  const route = readRoute(flow);
  const { to, ring, press1, after } = routeWords(route) ?? {};
  if (to === undefined) return null;
  return {
    to,
    ...(ring === undefined ? {} : { ring }),
    ...(press1 === undefined ? {} : { press_1: press1 }),
    ...(after === undefined ? {} : { after }),
    has_more_before: route.before.length > 0,
  };
}
