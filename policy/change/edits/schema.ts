/**
 * An edits file: a list of edits, each a mapping with a verb that names its subject, and the fields beside it:
 *
 *     - set: user:bob.stone
 *       extension: "104"
 *     - rename: group:sales
 *       to: support
 *
 * The fields are those of the office file, which are checked when the edit is carried out; this file reads the rest.
 */
import { z } from "zod";
import { given } from "../../office/optional.js";
import { type Place, type Problem, show, under, valueAt } from "../../office-file/problem.js";
import { suggest } from "../../office-file/suggest.js";
import { EDIT_KINDS, OFFICE_KIND, subjectForm } from "./subjects.js";
import { EDIT_VERBS, type Edit, type EditSubject, type EditVerb } from "./types.js";

const subject = z
  .string()
  .regex(
    new RegExp(`^(?:${OFFICE_KIND}|(?:${EDIT_KINDS.filter((kind) => kind !== OFFICE_KIND).join("|")}):.+)$`),
  )
  .describe(`what is edited, such as user:dana.reed; one of ${EDIT_KINDS.join(", ")}`);
const replaceBy = z.string().describe("the user or group that gets what led to the removed one");

/** For programs that write edits; {@link readEdits} reads them, and says in words what is wrong. */
const editSchema = z.union([
  z.looseObject({ add: subject }),
  z.looseObject({ set: subject }),
  z.strictObject({
    remove: subject,
    replace_by: replaceBy.optional(),
    discard_messages: z.boolean().optional(),
  }),
  z.strictObject({ rename: subject, to: z.string().describe("the new id") }),
]);
export const editsSchema = z.array(editSchema).min(1);

/** The edits of a file, each with its place in the list; none when there are problems. */
export interface EditsRead {
  readonly edits: readonly Edit[];
  readonly problems: readonly Problem[];
}

/** Reads the parsed content of an edits file, or of a request. */
export function readEdits(content: unknown): EditsRead {
  const reader = new EditsReader();
  const edits = reader.list(content);
  return { edits: reader.problems.length > 0 ? [] : edits, problems: reader.problems };
}

type Mapping = Readonly<Record<string, unknown>>;
const EXAMPLE = 'a list of edits, such as "- set: user:bob.stone" with the fields to change below it';

class EditsReader {
  readonly problems: Problem[] = [];

  list(content: unknown): Edit[] {
    if (!Array.isArray(content) || content.length === 0) {
      this.#wrong(valueAt(0, []), "these are no edits", content, EXAMPLE);
      return [];
    }
    return content.flatMap((item, index) => this.#edit(item, valueAt(0, [index])) ?? []);
  }

  #edit(item: unknown, at: Place): Edit | undefined {
    if (!isMapping(item)) return this.#wrong(at, "this is no edit", item, EXAMPLE);
    const verbs = EDIT_VERBS.filter((verb) => Object.hasOwn(item, verb));
    const [verb] = verbs;
    if (verb === undefined) return this.#noVerb(item, at);
    if (verbs.length > 1)
      return this.#wrong(at, `one edit is both ${verbs.join(" and ")}`, item, "an edit of its own for each");
    const about = this.#subject(item[verb], under(at, verb, "value"));
    const { [verb]: _subject, ...rest } = item;
    return about && this.#ofVerb(verb, about, rest, at);
  }

  #ofVerb(verb: EditVerb, about: EditSubject, rest: Mapping, at: Place): Edit | undefined {
    switch (verb) {
      case "add":
      case "set":
        return { verb, ...about, fields: rest };
      case "rename":
        return this.#rename(about, rest, at);
      case "remove":
        return this.#remove(about, rest, at);
    }
  }

  #rename(about: EditSubject, rest: Mapping, at: Place): Edit | undefined {
    this.#only(rest, ["to"], "a rename", at);
    const { to } = rest;
    if (typeof to === "string") return { verb: "rename", ...about, to };
    if (to === undefined) return this.#missing(at, "a rename needs `to`", "the new id");
    return this.#wrong(under(at, "to", "value"), "`to` of a rename cannot be this", to, "the new id");
  }

  #remove(about: EditSubject, rest: Mapping, at: Place): Edit | undefined {
    this.#only(rest, ["replace_by", "discard_messages"], "a removal", at);
    const { replace_by: heir, discard_messages: discard } = rest;
    if (heir !== undefined && typeof heir !== "string")
      return this.#wrong(
        under(at, "replace_by", "value"),
        "`replace_by` cannot be this",
        heir,
        "a username or id",
      );
    if (discard !== undefined && typeof discard !== "boolean")
      return this.#wrong(
        under(at, "discard_messages", "value"),
        "`discard_messages` cannot be this",
        discard,
        "true or false",
      );
    const options = given({ replaceBy: heir, discardMessages: discard === true ? discard : undefined });
    return { verb: "remove", ...about, options };
  }

  /** `user:dana.reed` in its parts. */
  #subject(written: unknown, at: Place): EditSubject | undefined {
    const expected = `what is edited, such as user:dana.reed; one of ${EDIT_KINDS.map(subjectForm).join(", ")}`;
    if (typeof written !== "string") return this.#wrong(at, "this names nothing", written, expected);
    if (written === OFFICE_KIND) return { kind: OFFICE_KIND, id: "" };
    const colon = written.indexOf(":");
    const kind = colon < 0 ? written : written.slice(0, colon);
    const id = colon < 0 ? "" : written.slice(colon + 1);
    if (!EDIT_KINDS.includes(kind)) {
      const meant = suggest(kind, EDIT_KINDS);
      const suggestion = meant === undefined ? undefined : `${meant}${written.slice(kind.length)}`;
      return this.#wrong(at, `there is no kind of entry \`${kind}\``, written, expected, suggestion);
    }
    if (kind === OFFICE_KIND || id === "")
      return this.#wrong(
        at,
        `this does not name ${kind === OFFICE_KIND ? "the office" : "an entry"}`,
        written,
        subjectForm(kind),
      );
    return { kind, id };
  }

  #noVerb(item: Mapping, at: Place): undefined {
    const keys = Object.keys(item);
    const [key, meant] =
      keys.map((each) => [each, suggest(each, EDIT_VERBS)] as const).find(([, near]) => near !== undefined) ??
      [];
    const place = key === undefined ? at : under(at, key, "key");
    return this.#wrong(place, "this edit has no verb", key ?? item, `one of ${EDIT_VERBS.join(", ")}`, meant);
  }

  #only(rest: Mapping, known: readonly string[], what: string, at: Place): void {
    for (const key of Object.keys(rest))
      if (!known.includes(key))
        this.problems.push({
          severity: "error",
          code: "unknown_key",
          message: `${what} has no key \`${key}\``,
          at: under(at, key, "key"),
          found: show(key),
          expected: `one of ${known.join(", ")}`,
          ...given({ suggestion: suggest(key, known) }),
        });
  }

  #missing(at: Place, message: string, expected: string): undefined {
    this.problems.push({ severity: "error", code: "missing_key", message, at, expected });
    return undefined;
  }

  #wrong(at: Place, message: string, found: unknown, expected: string, suggestion?: string): undefined {
    this.problems.push({
      severity: "error",
      code: "wrong_value",
      message,
      at,
      found: show(found),
      expected,
      ...given({ suggestion }),
    });
    return undefined;
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
