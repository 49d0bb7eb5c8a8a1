/** Everything about one kind of step: its definition, and what it does in a call. */
import type { z } from "zod";
import type { StepDefinition } from "./definition.js";
import type { StepRun } from "./run.js";
import type { StepKindName, StepKinds } from "./types.js";

export interface StepKind<K extends StepKindName, S extends z.ZodObject = z.ZodObject>
  extends StepDefinition<K, S> {
  readonly run: StepRun<StepKinds[K]>;
}
