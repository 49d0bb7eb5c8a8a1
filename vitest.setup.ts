/** Hands the seed of this run (`vitest.config.ts`) to the property tests; a property that fails names it. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["RINGLINE_SEED"]) });
