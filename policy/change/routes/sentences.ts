/**
 * What happens to a call, in the words in which people set it up: whom the call is sent to, whether they press 1, how long
 * it rings, and what comes then. Flows that do more are a list of sentences, one a step.
 */

import { chosenText, type NameSource } from "../../steps/names.js";
import { kindOf } from "../../steps/registry.js";
import type { RingFile } from "../../steps/ring/file.js";
import type { Step } from "../../steps/types.js";
import { parsedTarget } from "./destination.js";
import { keepsRinging, type Route, readRoute } from "./route.js";

/** What a caller hears who dials a number that leads nowhere. */
const NOWHERE = "Callers hear that the call cannot be completed";

/** @param steps null: calls lead nowhere yet */
export function callSentences(steps: readonly Step[] | null, names: NameSource): string[] {
  if (steps === null) return [NOWHERE];
  const route = readRoute(steps);
  const goes = goesSentences(route, steps, names);
  const sentence = (step: Step) => kindOf(step).sentence(step, names);
  return goes === undefined ? steps.map(sentence) : [...route.before.map(sentence), ...goes];
}

type Rings = Extract<Route["goes"], { readonly kind: "rings" }>;

function goesSentences({ goes }: Route, steps: readonly Step[], names: NameSource): string[] | undefined {
  switch (goes.kind) {
    case "rings":
      return ringSentences(goes, steps, names);
    case "hands_over":
      return [`Send the call to ${chosenText(parsedTarget(goes.send.send), names)}`];
    case "ends":
    case "does_more":
      return undefined;
  }
}

function ringSentences(rings: Rings, steps: readonly Step[], names: NameSource): string[] {
  const { ring } = rings;
  const last = steps.at(-1);
  return [
    `Send the call to ${chosenText(parsedTarget(ring.ring), names)}`,
    `Press 1 to accept: ${PRESS_1[ring.accept ?? "auto"]}`,
    ring.timeout === "none" ? "Ring without a timeout" : `Ring for ${ring.timeout} seconds`,
    ...(last === undefined ? [] : [`Then: ${thenText(rings, last, names)}`]),
  ];
}

const PRESS_1: Readonly<Record<NonNullable<RingFile["accept"]>, string>> = {
  always: "on",
  never: "off",
  auto: "phones outside only",
};

function thenText(rings: Rings, last: Step, names: NameSource): string {
  const { ring, after } = rings;
  if (keepsRinging(rings)) return "keep ringing until the caller gives up";
  if ("voicemail" in after && after.voicemail === ring.ring)
    return `the ${ring.ring.startsWith("group:") ? "group" : "user"}'s voicemail`;
  const sentence = kindOf(last).sentence(last, names);
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
