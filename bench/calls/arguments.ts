/** What the benchmarks of calls are told by their arguments: variants, shapes, rates. A wrong word is refused. */
import { findSwitch } from "../../fixtures/harness/find-switch.js";
import type { Skipped } from "../bench.js";
import { VARIANTS, type Variant } from "./carried.js";
import { SHAPE_NAMES, SHAPES, type Shape } from "./shapes.js";

/** Words with commas between them, each of `known`. Throws, naming the unknown one. */
function listOf<T extends string>(text: string, known: readonly T[]): readonly T[] {
  return text.split(",").map((word) => {
    const found = known.find((each) => each === word);
    if (found === undefined) throw new Error(`found "${word}", expected one of ${known.join(", ")}`);
    return found;
  });
}

export function variantsIn(text: string): readonly Variant[] {
  const asked = listOf(text, VARIANTS);
  return VARIANTS.filter((variant) => asked.includes(variant));
}

export function shapesIn(text: string): readonly Shape[] {
  return listOf(text, SHAPE_NAMES).map((name) => SHAPES[name]);
}

/** Throws unless it is a number from `min` on. */
export function numberIn(text: string, min = 1): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || value < min)
    throw new Error(`found "${text}", expected a number from ${min} on`);
  return value;
}

export function numbersIn(text: string, min = 1): readonly number[] {
  return text.split(",").map((each) => numberIn(each, min));
}

/** The program of a FreeSWITCH that the bench may configure and start. */
export async function switchProgram(): Promise<{ readonly path: string } | Skipped> {
  const found = await findSwitch(process.env);
  return found.kind === "binary"
    ? { path: found.path }
    : { skipped: `needs a freeswitch program of its own (RINGLINE_FREESWITCH), found: ${found.kind}` };
}
