/**
 * What there is to say about a kind of step beside what it does in a call: how a file writes it, its words, whom it
 * names and where it leads to. Everything that reads, checks, compares, draws or explains flows works from this.
 * Nothing here imports the life of a call, whose state names steps.
 */
import type { z } from "zod";
import type { World } from "../call/world.js";
import type { Target } from "../office/target.js";
import type { Arbitrary, FastCheck, StepOffers } from "./generator.js";
import type { NameSource } from "./names.js";
import type { PartReader } from "./reader.js";
import type { SectionDefinition } from "./section.js";
import type { StepKindName, StepKinds } from "./types.js";

/** Where a call goes after a step: to the next step, to another flow for good, or nowhere: the flow ends. */
export type Exit =
  | { readonly to: "next" }
  | { readonly to: "target"; readonly target: Target }
  | { readonly to: "end" };

/** How a test of the office says that a call takes such a step: `announces closed`, `voicemail group:sales`. */
export interface StepExpectation {
  readonly verb: string;
  /** What follows the verb, for the list of sentences: `SOUND`. It is compared with the step's `what`. */
  readonly noun: string;
  /** What follows the verb, as a regular expression. */
  readonly pattern: string;
  readonly meaning: string;
  /** What follows the verb is a user or group, and must be one of the office. */
  readonly isSomebody: boolean;
}

export interface StepDefinition<K extends StepKindName, S extends z.ZodObject = z.ZodObject> {
  /** The kind's name, which is also the key that tells such a step in a file, and the folder's name. */
  readonly name: K;
  /** The kind's place in lists that people read, the smallest first. */
  readonly order: number;
  /** The step as a file writes it, unknown keys refused. */
  readonly schema: S;
  /** A step of a flow in a file, as the docs show it. */
  readonly example: string;

  /** From the file to the step; undefined: what is wrong was reported. */
  read(file: z.infer<S>, reader: PartReader): StepKinds[K] | undefined;
  /** The step as a file writes it, defaults included. What this gives, read again, is the same step. */
  write(step: StepKinds[K]): z.infer<S>;

  /** The step in a plan, with all its options: `ring user:alice.wong 20 s (accept always)`. */
  words(step: StepKinds[K]): string;
  /** The step as people read it in a list of what happens to a call: `Ring Alice Wong for 20 seconds`. */
  sentence(step: StepKinds[K], names: NameSource): string;
  /** The step in the story of a call is this, and then `what`: `send to flow:night`. */
  readonly verb: string;
  /** What the step names: its target, its sound, its reason. */
  what(step: StepKinds[K]): string;
  /** What the story of a call says behind that, in brackets: `accept never`; left out, or empty: nothing. */
  how?(step: StepKinds[K]): string;
  readonly expectation?: StepExpectation;

  /** Whether a call can go on to the next step, whatever the step says. */
  readonly goesOn: boolean;
  /** Every way a call can go on, or end, from here. A conversation is none: it ends the call. */
  leads(step: StepKinds[K]): readonly Exit[];
  /**
   * The way on from here at a moment, for a step that decides by the time or by what was set by hand; left out: any of
   * {@link leads}.
   */
  leadsAt?(step: StepKinds[K], world: Pick<World, "office" | "memory">, atMs: number): Exit;
  /** Whose phones it rings; left out: nobody's. */
  rings?(step: StepKinds[K]): Target;

  /** The section of the office file whose entries such steps name. */
  readonly section?: SectionDefinition;

  /** Random steps, for property tests; undefined: this office has nothing that such a step could name. */
  generator(fc: FastCheck, offers: StepOffers): Arbitrary<StepKinds[K]> | undefined;
}
