/**
 * Routing tests that were kept while trying: a call, and what is expected of it, as files of tests have them. They stay in
 * this browser; a file of them beside the office is run by `ringline test`.
 */
import { useSyncExternalStore } from "react";
import type { Args } from "../../office/client.js";
import type { Played } from "./played.js";

export type TestCase = NonNullable<Args<"runTests">[0]["body"]["tests"]>[number];

const PLACE = "ringline.tests";
const CHANGED = "ringline-tests";

export function useKeptTests(): readonly TestCase[] {
  const text = useSyncExternalStore(listen, () => localStorage.getItem(PLACE) ?? "[]");
  try {
    return JSON.parse(text) as TestCase[];
  } catch {
    return [];
  }
}

function listen(heard: () => void): () => void {
  window.addEventListener("storage", heard);
  window.addEventListener(CHANGED, heard);
  return () => {
    window.removeEventListener("storage", heard);
    window.removeEventListener(CHANGED, heard);
  };
}

export function keepTests(tests: readonly TestCase[]): void {
  localStorage.setItem(PLACE, JSON.stringify(tests));
  window.dispatchEvent(new Event(CHANGED));
}

/** What happened when the call was played is what is expected from now on. */
export function testOf(
  name: string,
  played: Played,
  asked: Omit<TestCase, "name" | "call" | "expect">,
): TestCase {
  return { name, call: played.called, ...asked, expect: expectationsOf(played) };
}

function expectationsOf({ steps, ending }: Played): string[] {
  const rung = steps.flatMap(({ kind, what, from_seconds: from }) =>
    kind === "ring" ? [`at ${Math.round(from)} rings ${what}`] : [],
  );
  const end =
    ending.word === "answered"
      ? `answered by ${ending.by}${ending.device === null || ending.device === "" ? "" : `/${ending.device}`}`
      : "not answered";
  return [...rung, end];
}
