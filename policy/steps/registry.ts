/** Finds the kind of a step. The compiler holds the list in `index.ts` to the types that the kinds declare. */
import type { z } from "zod";
import * as kinds from "./index.js";
import type { StepKind } from "./kind.js";
import type { SectionDefinition } from "./section.js";
import type { Step, StepKindName } from "./types.js";

const KINDS = kinds satisfies { readonly [K in StepKindName]: StepKind<K> };

export type AnyStepKind = StepKind<StepKindName>;

/** A step of any kind, as a file writes it. */
export type StepFile = z.infer<(typeof KINDS)[keyof typeof KINDS]["schema"]>;

/** Every kind, in the order in which people read of them. */
export const STEP_KINDS: readonly AnyStepKind[] = Object.values<AnyStepKind>(KINDS).sort(
  (a, b) => a.order - b.order,
);

/** The keys that tell a step's kind in a file. */
export const STEP_KEYS: readonly string[] = STEP_KINDS.map(({ name }) => name);

/** The sections of an office file that belong to kinds of steps. */
export const STEP_SECTIONS: readonly SectionDefinition[] = STEP_KINDS.flatMap(({ section }) => section ?? []);

const BY_NAME: ReadonlyMap<string, AnyStepKind> = new Map(STEP_KINDS.map((kind) => [kind.name, kind]));

export function kindOf(step: Step): AnyStepKind {
  return kindNamed(step.kind);
}

/** @throws Error for a name that is no kind's */
export function kindNamed(name: string): AnyStepKind {
  const kind = BY_NAME.get(name);
  if (kind === undefined) throw new Error(`no kind of step is called ${name}`);
  return kind;
}
