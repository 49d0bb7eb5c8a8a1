/** Asks a running engine what it knows of the carriers. What answers may be any server, so the answer is checked. */
import { z } from "zod";
import { askEngine, type EngineAt } from "../directory/ask-engine.js";
import type { CarrierFacts } from "./status-memory.js";

const timeMs = z.number().int().nonnegative();
const count = z.number().int().nonnegative();
const refusal = z.object({
  atMs: timeMs,
  status: z.number().int().nullable(),
  phrase: z.string().nullable(),
});
const answer = z.object({
  sinceMs: timeMs,
  carriers: z.array(
    z.object({
      id: z.string(),
      callsIn: count,
      callsOut: count,
      failures: count,
      lastInMs: timeMs.nullable(),
      lastOutMs: timeMs.nullable(),
      lastFailure: refusal.extend({ cause: z.string() }).nullable(),
      refusals: z.array(refusal.extend({ gateway: z.string() })),
    }),
  ),
});

export interface EngineSays {
  /** Since when the engine counts: its start. */
  readonly sinceMs: number;
  readonly carriers: readonly CarrierFacts[];
}

/** Null: no engine answers there. */
export async function askCarriers(at: EngineAt): Promise<EngineSays | null> {
  const said = answer.safeParse(await askEngine(at, "/carriers"));
  return said.success ? said.data : null;
}
