/**
 * A section of the office file: a list of entries that steps or other entries name by their ids, as a step names one of
 * `schedules` and a number one of `plans`. Entries are stored, compared, exported and looked up like users and groups, by
 * code that knows no section by name.
 */
import type { z } from "zod";
import type { SectionEntity } from "../office/office.js";
import type { Arbitrary, FastCheck, StepOffers } from "./generator.js";
import type { PartReader } from "./reader.js";

export interface SectionDefinition<
  E extends SectionEntity = SectionEntity,
  S extends z.ZodObject = z.ZodObject,
> {
  /** The key of the section in a file, in the plural: `schedules`. */
  readonly key: string;
  /** What an entry is called in a sentence: `schedule`. */
  readonly noun: string;
  /** One entry as a file writes it; it has a key `id`. */
  readonly schema: S;
  /** What must name an entry so that it is of use: `a step that names it`. Left out: entries are of use by themselves. */
  readonly namedBy?: string;
  /** The entry as the office keeps it: plain data, times in milliseconds. Undefined: what is wrong was reported. */
  read(file: z.infer<S>, reader: PartReader): E | undefined;
  /** Reports what else is wrong with an entry that has wrong fields, which were reported. Left out: nothing can be. */
  checkRest?(raw: Readonly<Record<string, unknown>>, reader: PartReader): void;
  /** The entry as a file writes it. What this gives, read again, is the same entry. */
  write(entity: E): z.infer<S>;
  /** What a plan shows of an entry, by field; left out: each key of the file with its value. */
  fields?(entity: E): Readonly<Record<string, string>>;
  /**
   * What was set by hand of an entry, in one word: `closed`; undefined: the value means nothing. Such values are kept
   * under the section's noun as their kind. Left out: nothing of this section is set by hand.
   */
  byHandText?(value: unknown): string | undefined;
  /** Random entries of this id, for property tests. */
  generator(fc: FastCheck, id: string, offers: StepOffers): Arbitrary<E>;
}
