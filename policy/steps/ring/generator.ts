/** Random `ring` steps, for property tests. */
import type { Target } from "../../office/target.js";
import type { Arbitrary, FastCheck, StepOffers } from "../generator.js";
import type { RingStep } from "./step.js";

export function ringGenerator(fc: FastCheck, offers: StepOffers): Arbitrary<RingStep> {
  const targets = fc.oneof(
    offers.outsideNumber.map((number): Target => ({ kind: "number", number })),
    ...offers.ringable.map((target) => fc.constant(target)),
  );
  return targets.chain((target) =>
    fc.record(
      {
        kind: fc.constant("ring" as const),
        target: fc.constant(target),
        timeoutMs: fc.option(fc.integer({ min: 5, max: 600 }).map((seconds) => seconds * 1000)),
        skip: fc.boolean(),
        accept: fc.constantFrom("always" as const, "never" as const, "auto" as const),
        ...(offers.isGroup(target) ? { strategy: strategies(fc) } : {}),
      },
      { requiredKeys: ["kind", "target", "timeoutMs", "skip"] },
    ),
  );
}

function strategies(fc: FastCheck) {
  return fc.constantFrom(
    "simultaneous" as const,
    "in_order" as const,
    "rotating" as const,
    "random" as const,
    "longest_idle" as const,
  );
}
