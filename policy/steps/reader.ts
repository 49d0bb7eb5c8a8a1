/**
 * What a kind of step may ask while it reads its part of an office file: whom a text names, whether something is
 * there, and where to say what is wrong. The reader of office files gives it, so that kinds import none of that.
 */
import type { Box } from "../office/box.js";
import type { Target } from "../office/target.js";
import type { Place, Problem } from "../office-file/problem.js";

export interface PartReader {
  /** Where the step, or the entry of a section, stands in its file. */
  readonly at: Place;
  /** When the files are read, milliseconds since the epoch; undefined: nothing is measured against the time. */
  readonly nowMs: number | undefined;
  /** The office's time zone; UTC where the office names none that exists. */
  readonly timezone: string;
  /** The target that `key` names; undefined: there is none, and that was reported. */
  target(key: string, written: string): Target | undefined;
  /** The mailbox that `key` names. An extension is resolved for good; undefined: there is none, as reported. */
  box(key: string, written: string): Box | undefined;
  /** Whether a target is a group, by its own name or by its extension. */
  isGroup(target: Target): boolean;
  /** Whether a target is a number outside: one that the office does not own. */
  isOutside(target: Target): boolean;
  /** Whether the entry of a section that `key` names is there; it was reported when it is not. */
  hasEntry(section: string, key: string, id: string): boolean;
  /** The known word nearest to one that is not known; undefined: none is near. */
  suggest(word: string, known: Iterable<string>): string | undefined;
  report(problem: Problem): void;
}
