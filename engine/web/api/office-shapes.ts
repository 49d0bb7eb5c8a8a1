/** Parts that many answers about the office have: what drifts, and what a call does in words. */
import { z } from "zod";
import { readRoute } from "../../../policy/change/routes/route.js";
import { callSentences } from "../../../policy/change/routes/sentences.js";
import { routeWords } from "../../../policy/change/routes/wish.js";
import { given } from "../../../policy/office/optional.js";
import { exportSteps } from "../../../policy/office-file/export.js";
import { stepSchema } from "../../../policy/office-file/schema.js";
import type { NameSource } from "../../../policy/steps/names.js";
import type { StepFile } from "../../../policy/steps/registry.js";
import type { Step } from "../../../policy/steps/types.js";
import type { CallGraph } from "../../office/views/call-graph.js";
import type { EntityDrift } from "../../office/views/live.js";
import { jsonOf } from "./entry-fields.js";

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
const steps = z.array(z.looseObject({}) as unknown as z.ZodType<StepFile>);

/** Steps of a request: what is wrong in them is said by the checks. */
export const stepsBody = z.array(z.looseObject({})).meta(jsonOf(z.array(stepSchema))) as unknown as z.ZodType<
  StepFile[],
  StepFile[]
>;

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
    ...given({ ring, press_1: press1, after }),
    has_more_before: route.before.length > 0,
  };
}

/** Where a call goes, as a picture. */
export const graph = z.object({
  places: z.array(
    z.object({
      /** `user:NAME`, `group:ID`, `flow:ID` or `number:+1…`. */
      id: z.string(),
      title: z.string(),
      steps: z.array(
        z.object({
          kind: z.string(),
          sentence: z.string(),
          /** Whom it rings, as a target. */
          rings: z.string().nullable(),
          /** The call can go on to the next step. */
          goes_on: z.boolean(),
        }),
      ),
    }),
  ),
  /** Steps that can hand the call to another place; steps count from 1. */
  ways: z.array(z.object({ from: z.string(), step: z.number().int(), to: z.string() })),
  /** There are more places than a picture shows. */
  is_cut: z.boolean(),
});

export function graphJson({ places, ways, isCut }: CallGraph): z.infer<typeof graph> {
  return {
    places: places.map(({ id, title, steps: all }) => ({
      id,
      title,
      steps: all.map(({ goesOn, ...step }) => ({ ...step, goes_on: goesOn })),
    })),
    ways: ways.map((way) => ({ ...way })),
    is_cut: isCut,
  };
}
