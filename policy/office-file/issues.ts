/** Makes problems of what zod says of a value: one for each wrong place, at that place, in the words of office files. */
import { z } from "zod";
import { given } from "../office/optional.js";
import { isMapping, type Mapping, type Meant, placeOf } from "./meant.js";
import { type Place, type Problem, show, under } from "./problem.js";
import { notAvailable, whyNever } from "./schema.js";
import { suggest } from "./suggest.js";

type Issue = z.core.$ZodIssue;

/** @param what the entry in a sentence: `a user` */
export function problemsOf(
  issues: readonly Issue[],
  schema: z.ZodObject,
  what: string,
  meant: Meant,
): Problem[] {
  return firstOfEach(issues).flatMap((issue): Problem[] => {
    const [key] = issue.path;
    if (typeof key !== "string") throw new Error(`no rule for a fault at ${issue.path.join(".")}`);
    const value = meant.raw[key];
    if (value !== undefined)
      return issueIn(issue, { value, at: placeOf(meant, key), schema: schema.shape[key] }, what);
    // A mistyped key was already reported with the right one.
    if (meant.written.has(key)) return [];
    return [missing(meant.at, `${what} needs \`${key}\``, issue)];
  });
}

/** A value with two faults is wrong once. */
function firstOfEach(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ path }) => {
    const key = JSON.stringify(path);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

interface Inner {
  readonly value: unknown;
  readonly at: Place;
  readonly schema: z.core.$ZodType | undefined;
}

/** Goes down to the value that is wrong. */
function issueIn(issue: Issue, outer: Inner, what: string): Problem[] {
  const [top, ...path] = issue.path;
  let inner = outer;
  let ofWhat = `\`${String(top)}\` of ${what}`;
  for (const [depth, step] of path.entries()) {
    if (typeof step !== "string" && typeof step !== "number") throw new Error("a key that is no text");
    const next = stepInto(inner, step);
    if (next.value === undefined) {
      const known = keysOf(inner.schema);
      if (isMapping(inner.value) && isMistyped(inner.value, String(step), known)) return [];
      const subject = typeof path[depth - 1] === "number" ? `one of ${ofWhat}` : ofWhat;
      return [missing(inner.at, `${subject} needs \`${step}\``, issue)];
    }
    const isLast = depth === path.length - 1;
    if (isLast && issue.code !== "unrecognized_keys") {
      const message =
        typeof step === "number"
          ? `this cannot be one of ${ofWhat}`
          : `\`${step}\` in ${ofWhat} cannot be this`;
      return [wrong(issue, next, message, String(step))];
    }
    if (typeof step === "string") ofWhat = `\`${step}\` in ${ofWhat}`;
    inner = next;
  }
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(inner.at, key, keysOf(inner.schema), ofWhat));
  return [wrong(issue, inner, `${ofWhat} cannot be this`, String(top))];
}

function stepInto({ value, at, schema }: Inner, step: string | number): Inner {
  const below = (value as Mapping | undefined)?.[step];
  return { value: below, at: under(at, step, "value"), schema: schemaBelow(schema, step) };
}

function schemaBelow(
  schema: z.core.$ZodType | undefined,
  step: string | number,
): z.core.$ZodType | undefined {
  const plain = withoutOptional(schema);
  if (plain instanceof z.ZodArray) return plain.element;
  return plain instanceof z.ZodObject ? plain.shape[step] : undefined;
}

function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
  const plain = withoutOptional(schema);
  return plain instanceof z.ZodObject ? Object.keys(plain.shape) : [];
}

function withoutOptional(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional ? schema.unwrap() : schema;
}

function isMistyped(raw: Mapping, key: string, known: readonly string[]): boolean {
  return Object.keys(raw).some((written) => !known.includes(written) && suggest(written, known) === key);
}

function missing(at: Place, message: string, issue: Issue): Problem {
  return { severity: "error", code: "missing_key", message, at, expected: issue.message };
}

function wrong(issue: Issue, { value, at }: Inner, message: string, key: string): Problem {
  return {
    severity: "error",
    code: "wrong_value",
    message,
    at,
    found: secretSafe(key, value),
    expected: issue.message,
    ...meantValue(issue, value),
  };
}

/** @param said what to say in the place of "… has no key" */
export function unknownKey(
  at: Place,
  key: string,
  known: readonly string[],
  what: string,
  said?: string,
): Problem {
  const place = under(at, key, "key");
  const base = { severity: "error", at: place } as const;
  const never = whyNever(what, key);
  if (never !== undefined) return { ...base, code: "wrong_rename", message: never, found: key };
  const later = notAvailable(key);
  if (later !== undefined)
    return {
      ...base,
      code: "not_available",
      message: later,
      found: key,
      expected: `one of ${known.join(", ")}`,
    };
  const meant = suggest(key, known);
  return {
    ...base,
    code: "unknown_key",
    message: said ?? `${what} has no key \`${key}\``,
    found: show(key),
    expected: `one of ${known.join(", ")}`,
    ...given({ suggestion: meant }),
  };
}

/** The value that was probably meant by a wrong one: a number in quotes, or the nearest of a few words. */
function meantValue(issue: Issue, value: unknown): Pick<Problem, "suggestion"> {
  // Of a time without quotes, YAML has kept no more than its first number.
  const isPlain = issue.path.length === 1;
  if (isPlain && issue.code === "invalid_type" && issue.expected === "string" && typeof value === "number") {
    return { suggestion: JSON.stringify(String(value)) };
  }
  if (issue.code !== "invalid_value" || typeof value !== "string") return {};
  const meant = suggest(value, issue.values.map(String));
  return given({ suggestion: meant });
}

/** A secret written where it must not stand is not repeated in the message. */
function secretSafe(key: string, value: unknown): string {
  return key === "password" && typeof value !== "object" ? "a secret, written out" : show(value);
}

/**
 * A mapping without what is wrong in it. A list with a wrong item is left out as a whole, since the places of its items
 * would move.
 */
export function withoutWrong(raw: Mapping, issues: readonly Issue[], depth: "inside" | "whole"): Mapping {
  const rest = structuredClone(raw);
  for (const { path } of issues) {
    const first = path.findIndex((step) => typeof step === "number");
    const steps = (first < 0 ? path : path.slice(0, first)).map(String);
    remove(rest, depth === "inside" ? steps : steps.slice(0, 1));
  }
  return rest;
}

function remove(mapping: Mapping, path: readonly string[]): void {
  const [key = "", ...deeper] = path;
  const below = mapping[key];
  if (deeper.length > 0 && isMapping(below)) remove(below, deeper);
  else delete mapping[key];
}
