/**
 * What the generators of random steps are given: the library that makes random values, and what the random office has
 * to offer. Types only, so that policy needs the library nowhere but in tests.
 */
import type fc from "fast-check";
import type { Box } from "../office/box.js";
import type { Target } from "../office/target.js";

export type FastCheck = typeof fc;
export type Arbitrary<T> = fc.Arbitrary<T>;

/** What a random step may name. */
export interface StepOffers {
  /** Users, groups and extensions; never empty lists of what the office does not have. */
  readonly ringable: readonly Target[];
  /** Where a step of this flow may lead, without sending calls round for ever. */
  readonly leadable: readonly Target[];
  readonly boxes: readonly Box[];
  /** A number outside, in E.164. */
  readonly outsideNumber: Arbitrary<string>;
  isGroup(target: Target): boolean;
  /** Ids of the entries of a section. */
  entries(section: string): readonly string[];
}
