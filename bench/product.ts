/**
 * Where the product is that a benchmark measures: these sources, or another checkout of them that
 * `npm run bench -- compare` has built. The benchmark itself is of these sources in both cases.
 */
import { join } from "node:path";
import { repositoryRoot } from "../fixtures/harness/switch-files.js";

/** The variable by which `compare` names the other checkout. */
export const PRODUCT_VARIABLE = "RINGLINE_BENCH_PRODUCT";

/** The root of the checkout whose programs and switch configuration are measured. */
export function productRoot(): string {
  return process.env[PRODUCT_VARIABLE] ?? repositoryRoot();
}

/** The program `ringline` of that checkout. */
export function ringlineProgram(): string {
  return join(productRoot(), "dist", "engine", "cli", "ringline.js");
}
