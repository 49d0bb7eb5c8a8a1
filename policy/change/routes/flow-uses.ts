/** Finds what leads to a named flow, so that nobody changes it for others without being told. */
import type { Office } from "../../office/office.js";
import { targetsIn } from "../../office/targets.js";
import { factsOf, flowsOf } from "../mentions.js";

/**
 * The places that lead to each flow, in words: `number +12125550100`, `flow main, step 2: send`. A flow that nothing
 * leads to is not in it.
 */
export function usesOfFlows(office: Office): ReadonlyMap<string, readonly string[]> {
  // A flow may be that of every number of the office.
  const uses = new Map<string, Set<string>>();
  const note = (id: string, place: string) => {
    const places = uses.get(id) ?? new Set();
    uses.set(id, places.add(place));
  };
  for (const { number, leadsTo } of office.numbers)
    if (leadsTo?.kind === "flow") note(leadsTo.flow, numberTitle(number));
  for (const [title, steps] of flowsOf(office))
    for (const [index, step] of steps.entries())
      for (const id of flowsIn(step)) note(id, `${title}, step ${index + 1}: ${step.kind}`);
  for (const [title, facts] of factsOf(office))
    for (const [field, value] of Object.entries(facts))
      for (const id of flowsIn(value)) note(id, `${title}: ${field}`);
  return new Map([...uses].map(([id, places]) => [id, [...places]]));
}

/** As {@link usesOfFlows} writes a number that leads to a flow. */
export function numberTitle(number: string): string {
  return `number ${number}`;
}

function flowsIn(value: unknown): string[] {
  return targetsIn(value).flatMap((target) => (target.kind === "flow" ? [target.id] : []));
}
