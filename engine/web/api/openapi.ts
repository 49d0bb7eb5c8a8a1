/**
 * The OpenAPI document of the API (OpenAPI 3.1.1), made of its routes: the same values that the server works with, so that
 * it cannot say anything else than what is checked.
 */
import { z } from "zod";
import type { RouteAccess } from "../../../policy/access/access.js";
import { given } from "../../../policy/office/optional.js";
import { API_PREFIX } from "./prefix.js";
import { PROBLEMS, problemBody } from "./problem.js";
import type { AnyRoute, RawAnswer, RawBody } from "./route.js";

type Json = Record<string, unknown>;
export type Routes = Readonly<Record<string, AnyRoute>>;

const DESCRIPTION = `The office by HTTP: what \`ringline\` does by commands, and what people do on the web page.

Times are ISO 8601 in UTC, durations in seconds, numbers in E.164, ids as in office files. Lists come in pages: \`next\` is
the key for \`after\`. Errors are problems (RFC 9457) with a word in \`type\`, and each faulty field in \`errors\`.
docs/api.md has examples.`;

/** @param routes by their operations' ids */
export function openApiDocument(routes: Routes): Json {
  const schemas = new Schemas(routes);
  const paths: Record<string, Json> = {};
  for (const [id, route] of Object.entries(routes)) {
    const path = API_PREFIX + route.path;
    paths[path] ??= {};
    paths[path][route.method.toLowerCase()] = operation(id, route, schemas);
  }
  return {
    openapi: "3.1.1",
    info: { title: "Ringline", version: "1", description: DESCRIPTION },
    tags: [...new Set(Object.values(routes).map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths: sorted(paths),
    components: { schemas: sorted(schemas.all()), responses: RESPONSES, securitySchemes: SECURITY_SCHEMES },
  };
}

const SECURITY_SCHEMES = {
  session: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-ringline",
    description:
      "The cookie of a browser that has signed in; over plain HTTP on the own machine it is `ringline`.",
  },
  key: { type: "http", scheme: "bearer", description: "A key of the API: `rk_ID_SECRET`." },
};

/** What any operation may be answered. */
const RESPONSES = {
  Problem: {
    description: "A problem: it was not done, and why.",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  },
};

function operation(id: string, route: AnyRoute, schemas: Schemas): Json {
  const { tag, summary, description, access, status = 200 } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...given({ description }),
    ...(access.needs === "nothing" ? { security: [] } : { security: securityOf(access) }),
    "x-ringline-access": access,
    ...parametersOf(route),
    ...bodyOf(id, route, schemas),
    responses: {
      [status]: answerOf(id, route, schemas),
      ...("raw" in route.answer && route.answer.raw === "sound"
        ? { 206: { description: "A part of it." } }
        : {}),
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function securityOf({ needs }: RouteAccess): readonly Json[] {
  return needs === "session" ? [{ session: [] }] : [{ session: [] }, { key: [] }];
}

const IF_MATCH = {
  name: "If-Match",
  in: "header",
  schema: { type: "string", pattern: '^(\\*|"rev-\\d+")$' },
  description:
    'The revision that is changed, as in `ETag`: `"rev-41"`. Refused (412) if somebody has changed the same since.',
};
const MESSAGE = {
  name: "X-Message",
  in: "header",
  schema: { type: "string", maxLength: 500 },
  description: "Why, for the history.",
};
const IDEMPOTENCY = {
  name: "Idempotency-Key",
  in: "header",
  schema: { type: "string", minLength: 1, maxLength: 64 },
  description: "Any text that is new for each thing to be created: the same request sent twice creates one.",
};

/** A change of the office can be planned first. */
function isChangingOffice({ query }: AnyRoute): boolean {
  return query instanceof z.ZodObject && Object.hasOwn(query.shape, "dry_run");
}

function parametersOf(route: AnyRoute): Json {
  const parameters = [
    ...fieldsOf(route.params, "path"),
    ...fieldsOf(route.query, "query"),
    ...(isChangingOffice(route) ? [IF_MATCH, MESSAGE] : []),
    ...(route.isCreating === true ? [IDEMPOTENCY] : []),
  ];
  return parameters.length === 0 ? {} : { parameters };
}

function fieldsOf(schema: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inlineJson(schema) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...field }]) => ({
    name,
    in: place,
    ...(place === "path" || required.includes(name) ? { required: true } : {}),
    schema: field,
    ...given({ description }),
  }));
}

function bodyOf(id: string, { body }: AnyRoute, schemas: Schemas): Json {
  if (body === undefined) return {};
  if ("rawTypes" in body) {
    const types = (body as RawBody).rawTypes.map((type) => [type, {}] as const);
    return { requestBody: { required: true, content: Object.fromEntries(types) } };
  }
  const schema = schemas.ref(id, "body", body as z.ZodType);
  return { requestBody: { required: true, content: { "application/json": { schema } } } };
}

function answerOf(id: string, route: AnyRoute, schemas: Schemas): Json {
  const { answer, status } = route;
  if (status === 204) return { description: "Done." };
  if ("raw" in answer) {
    const { raw, contentType } = answer as RawAnswer;
    const [type = contentType] = contentType.split(";");
    const schema = raw === "events" ? { type: "string" } : {};
    return { description: RAW_WORDS[raw], content: { [type]: { schema } } };
  }
  const etag = {
    description: "The revision that is shown, or was made, for `If-Match`.",
    schema: { type: "string" },
  };
  return {
    description: "Done.",
    ...(isChangingOffice(route) ? { headers: { ETag: etag } } : {}),
    content: { "application/json": { schema: schemas.ref(id, "answer", answer as z.ZodType) } },
  };
}

const RAW_WORDS: Readonly<Record<RawAnswer["raw"], string>> = {
  sound: "The sound, or the part of it that `Range` asks for.",
  download: "The file.",
  events: "Server-sent events, as long as both sides want.",
};

/** A schema on its own, without references. */
function inlineJson(schema: z.ZodType): Json {
  const { $schema: _version, ...json } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
    override: plainBoolean,
  });
  return json;
}

/** `true` and `false` are texts in a query, and booleans to whoever reads the document. */
function plainBoolean({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }): void {
  const { def } = zodSchema._zod;
  if (def.type !== "pipe" || def.out._zod.def.type !== "boolean") return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  jsonSchema["type"] = "boolean";
}

const PART_NAMES = { body: "Body", answer: "Answer" } as const;
type PartName = keyof typeof PART_NAMES;
const REF = "#/components/schemas/";

/** The schemas of bodies and answers. One that several operations share stands once, under its first operation's name. */
class Schemas {
  readonly #names: Readonly<Record<PartName, Map<z.ZodType, string>>> = {
    body: new Map(),
    answer: new Map(),
  };
  readonly #all: Record<string, Json> = {};

  constructor(routes: Routes) {
    this.#names.answer.set(problemBody, "Problem");
    for (const [id, { body, answer, status }] of Object.entries(routes)) {
      if (body !== undefined && !("rawTypes" in body)) this.#name(id, "body", body as z.ZodType);
      if (!("raw" in answer) && status !== 204) this.#name(id, "answer", answer as z.ZodType);
    }
    this.#make("body", "input");
    this.#make("answer", "output");
    const types = (this.#all["Problem"]?.["properties"] as Record<string, Json> | undefined)?.["type"];
    if (types !== undefined) types["enum"] = Object.keys(PROBLEMS);
  }

  ref(id: string, part: PartName, schema: z.ZodType): Json {
    const name = this.#names[part].get(schema);
    if (name === undefined) throw new Error(`the ${part} of ${id} has no name`);
    return { $ref: REF + name };
  }

  all(): Record<string, Json> {
    return this.#all;
  }

  #name(id: string, part: PartName, schema: z.ZodType): void {
    if (this.#names[part].has(schema)) return;
    const own = schema.meta()?.["title"];
    const name =
      typeof own === "string" ? own : `${id.charAt(0).toUpperCase()}${id.slice(1)}${PART_NAMES[part]}`;
    this.#names[part].set(schema, name);
  }

  #make(part: PartName, io: "input" | "output"): void {
    const registry = z.registry<{ id: string }>();
    for (const [schema, id] of this.#names[part]) registry.add(schema, { id });
    const made = z.toJSONSchema(registry, {
      io,
      unrepresentable: "any",
      reused: "inline",
      uri: (id) => REF + id,
      override: plainBoolean,
    });
    for (const [name, json] of Object.entries(made.schemas)) this.#keep(name, json as Json, part);
  }

  /** Schemas that contain themselves are apart, as `__shared`. */
  #keep(name: string, { $schema: _version, $id: _id, ...json }: Json, part: PartName): void {
    const prefix = `${PART_NAMES[part]}Part`;
    if (name === "__shared") {
      for (const [key, shared] of Object.entries(json["$defs"] as Record<string, Json>))
        this.#all[prefix + key] = withRefs(shared, prefix) as Json;
    } else this.#all[name] = withRefs(json, prefix) as Json;
  }
}

const SHARED = /^#\/components\/schemas\/__shared#\/\$defs\/|^#\/\$defs\//;

function withRefs(json: unknown, prefix: string): unknown {
  if (Array.isArray(json)) return json.map((each) => withRefs(each, prefix));
  if (typeof json !== "object" || json === null) return json;
  const entries = Object.entries(json).map(([key, value]) =>
    key === "$ref" && typeof value === "string"
      ? [key, value.replace(SHARED, REF + prefix)]
      : [key, withRefs(value, prefix)],
  );
  return Object.fromEntries(entries);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
