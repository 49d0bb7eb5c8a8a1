/**
 * The happenings of a call as they are kept: text while the call is in progress, deflated when it has ended. The call's id
 * is left out, times are differences, and the ids of legs stand once each.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Happening, What } from "../../policy/record/happening.js";
import { DICTIONARIES } from "./story-dictionaries.js";

/** A leg's id is written as this and its place in the list of legs. */
const LEG = "\u0001";

/** Milliseconds since the one before, what, and 1 if nobody saw it happen. */
type Line = readonly [number, What] | readonly [number, What, 1];
/** `[the first time, ids of legs, line, …]`. */
type Written = readonly [number, readonly string[], ...Line[]];

/** A story as text. */
export function storyText(happenings: readonly Happening[]): string {
  const firstMs = happenings[0]?.atMs ?? 0;
  const legs: string[] = [];
  let beforeMs = firstMs;
  const lines = happenings.map(({ atMs, what, isFound }): Line => {
    const since = atMs - beforeMs;
    beforeMs = atMs;
    const short = withLeg(what, (leg) => shortened(leg, legs));
    return isFound === true ? [since, short, 1] : [since, short];
  });
  return JSON.stringify([firstMs, legs, ...lines] satisfies Written);
}

/** A leg by its place among `legs`, to which it is added. */
function shortened(leg: string, legs: string[]): string {
  const known = legs.indexOf(leg);
  return `${LEG}${known < 0 ? legs.push(leg) - 1 : known}`;
}

function withLeg(what: What, change: (leg: string) => string): What {
  return "leg" in what && what.leg !== null ? { ...what, leg: change(what.leg) } : what;
}

/** The version of the dictionary that new stories are written with. */
const VERSION = DICTIONARIES.length;
const DEFLATE = { windowBits: 13, memLevel: 6, chunkSize: 1_024 } as const;

/** A story as bytes: the version of the dictionary, then the deflated text. */
export function storyBytes(text: string): Buffer {
  const dictionary = DICTIONARIES[VERSION - 1];
  return Buffer.concat([
    Buffer.of(VERSION),
    deflateRawSync(text, { ...DEFLATE, ...(dictionary === undefined ? {} : { dictionary }) }),
  ]);
}

/** @param story what stands in the table */
export function readStory(call: string, story: string | Buffer): Happening[] {
  const text = typeof story === "string" ? story : inflated(story);
  const [firstMs, legs, ...lines] = JSON.parse(text) as Written;
  let atMs = firstMs;
  return lines.map(([since, short, found]) => {
    atMs += since;
    const what = withLeg(short, (leg) => legs[Number(leg.slice(LEG.length))] ?? leg);
    return { call, atMs, what, ...(found === 1 ? { isFound: true } : {}) };
  });
}

function inflated(story: Buffer): string {
  const dictionary = DICTIONARIES[(story[0] ?? 0) - 1];
  if (dictionary === undefined)
    throw new Error(`a story was written with the unknown dictionary ${story[0]}`);
  return inflateRawSync(story.subarray(1), { dictionary }).toString("utf8");
}
