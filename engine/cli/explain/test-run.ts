/** Reads and runs one routing test: a call on the office, and what is expected of it. */
import type { AskedFault, TestAnswer } from "./asked.js";
import type { Script } from "./call-script.js";
import { playCall } from "./run.js";
import { type OfficeAt, readScript, type Written } from "./script.js";
import { type Expectation, readExpectation } from "./test-expect.js";
import type { TestCase } from "./test-file.js";
import { timeline } from "./words.js";

/** A test that can be run. */
export interface Case {
  readonly name: string;
  readonly script: Script;
  readonly expected: readonly { readonly text: string; readonly holds: Expectation }[];
}

export type CaseRead =
  | { readonly ok: true; readonly value: Case }
  | { readonly ok: false; readonly faults: readonly AskedFault[] };

const KEYS: Readonly<Record<keyof Written, keyof TestCase>> = {
  number: "call",
  from: "from",
  at: "at",
  registered: "registered",
  busy: "busy",
  dnd: "dnd",
  answer: "answer",
  giveUp: "give_up",
};

/** @param path of the test in its list, for faults */
export function readCase(
  each: TestCase,
  at: OfficeAt,
  nowMs: number,
  path: readonly (string | number)[],
): CaseRead {
  const written: Written = {
    ...each,
    number: String(each.call),
    from: each.from === undefined ? undefined : String(each.from),
    giveUp: each.give_up,
  };
  const script = readScript(written, at, nowMs);
  const faults: AskedFault[] = script.ok
    ? []
    : script.problems.map(({ field, index, message }) => {
        const key = KEYS[field];
        return { path: [...path, key, ...(Array.isArray(each[key]) ? [index] : [])], message };
      });
  const expected = each.expect.flatMap((text, n) => {
    const read = readExpectation(at.office, text);
    if (read.ok) return [{ text, holds: read.value }];
    faults.push({ path: [...path, "expect", n], message: read.why });
    return [];
  });
  if (!script.ok || faults.length > 0) return { ok: false, faults };
  return { ok: true, value: { name: each.name, script: script.script, expected } };
}

export async function runCase({ name, script, expected }: Case): Promise<TestAnswer> {
  const played = await playCall(script);
  const failures = expected.flatMap(({ text, holds }) => {
    const verdict = holds(played);
    return verdict.ok ? [] : [`expected: ${text}; found: ${verdict.found}`];
  });
  for (const { name: who, second } of played.unused)
    failures.push(`${who} cannot answer at ${second}: no phone of theirs rings then`);
  return { name, failures, timeline: timeline(played) };
}
