/**
 * Checks what a request says against the schemas of its route. Everything that is wrong is said at once, each at its
 * field; what the schemas do not name is refused, since a misspelt filter would show, export or delete too much.
 */
import { z } from "zod";
import { given } from "../../../policy/office/optional.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { type FieldFault, type Problem, problem } from "./problem.js";
import type { AnyRoute } from "./route.js";

export interface Said {
  readonly params: unknown;
  readonly query: unknown;
  /** Undefined: there is none. */
  readonly body: unknown;
}

export type CheckedRequest =
  | ({ readonly kind: "checked" } & { readonly [Part in keyof Said]: never })
  | Problem;

export function checkedRequest(route: AnyRoute, said: Said): CheckedRequest {
  const hasRawBody = route.body !== undefined && "rawTypes" in route.body;
  const params = part(route.params, said.params, "path");
  const query = part(route.query, said.query, "query");
  const body = hasRawBody
    ? { value: said.body, faults: [] }
    : part(route.body as z.ZodType | undefined, said.body, "");
  const errors = [...params.faults, ...query.faults, ...body.faults];
  if (errors.length > 0) return problem("wrong_request", { errors });
  return {
    kind: "checked",
    params: params.value as never,
    query: query.value as never,
    body: body.value as never,
  };
}

interface Part {
  readonly value: unknown;
  readonly faults: readonly FieldFault[];
}

/** @param place where the fields are: `path`, `query`, or empty for the body */
function part(schema: z.ZodType | undefined, said: unknown, place: string): Part {
  const unknown = unknownKeys(schema, said).map((key) => unknownKey(place, [], key, keysOf(schema)));
  if (schema === undefined) return { value: undefined, faults: unknown };
  const read = schema.safeParse(said);
  if (read.success) return { value: read.data, faults: unknown };
  return {
    value: undefined,
    faults: [...unknown, ...read.error.issues.flatMap((issue) => faultsOf(place, issue))],
  };
}

/** Keys that no schema names. A strict schema says so itself. */
function unknownKeys(schema: z.ZodType | undefined, said: unknown): string[] {
  if (typeof said !== "object" || said === null || Array.isArray(said)) return [];
  if (schema === undefined) return Object.keys(said);
  if (!(schema instanceof z.ZodObject) || schema.def.catchall !== undefined) return [];
  return Object.keys(said).filter((key) => !Object.hasOwn(schema.shape, key));
}

function keysOf(schema: z.ZodType | undefined): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unknownKey(
  place: string,
  path: readonly PropertyKey[],
  key: string,
  known: readonly string[],
): FieldFault {
  return {
    field: fieldOf(place, [...path, key]),
    code: "unknown_key",
    message: `there is no \`${key}\` here`,
    ...given({ suggestion: suggest(key, known) }),
  };
}

function faultsOf(place: string, issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey(place, issue.path, key, []));
  const field = fieldOf(place, issue.path);
  if (issue.code === "invalid_type" && issue.input === undefined && /received undefined$/.test(issue.message))
    return [{ field, code: "missing_key", message: "this is missing", expected: issue.expected }];
  return [{ field, code: "wrong_value", message: lowered(issue.message) }];
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function fieldOf(place: string, path: readonly PropertyKey[]): string {
  const pointer = path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return place + pointer;
}
