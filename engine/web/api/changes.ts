/**
 * How a route changes the office: with the author, reason and conditions that the request gives, by a use case, and with
 * each of its ends as an answer. `If-Match` names the revision that the page showed; another live revision is in the way
 * only if it changed the same entries.
 */
import { z } from "zod";
import type { Fault } from "../../../policy/change/edit.js";
import { partsOf, subjectText } from "../../../policy/change/edits/subjects.js";
import type { Edit, EditSubject } from "../../../policy/change/edits/types.js";
import { given, mapped } from "../../../policy/office/optional.js";
import type { Path } from "../../../policy/office-file/problem.js";
import {
  type ChangeRequest,
  type OfficeChanged,
  type Refused,
  TRIES_MAX,
} from "../../office/changes/change.js";
import { editOfficeBy, type OfficeEdited } from "../../office/changes/edits.js";
import { changedMeanwhile } from "../../office/changes/meanwhile.js";
import type { EditsOf } from "../../office/changes/part.js";
import { type ChangedSince, changedSinceText } from "../../office/changes/undo.js";
import { type Deps, orDatabaseFailed } from "../../use-case.js";
import { type Actor, authorOf, changerOf } from "./actor.js";
import { auditOf } from "./audit-of.js";
import { changeJson, difference, differenceJson, planDetails, planJson } from "./difference.js";
import { databaseFailed } from "./failures.js";
import { type FieldFault, type Problem, problem } from "./problem.js";
import { type Ok, ok } from "./route.js";
import type { Services } from "./services.js";
import { isoTime } from "./time.js";

/** A reason is a sentence. */
const MESSAGE_MAX = 500;

/** The query of each route that changes the office; a route with a query of its own extends it. */
export const changeQuery = z.object({
  /** `true`: only say what would change. */
  dry_run: z.stringbool().optional(),
  /** The reason, for the history. */
  message: z.string().max(MESSAGE_MAX).optional(),
});

/** The answer of each route that changes the office. */
export const changeAnswer = z
  .object({
    /** `unchanged`: the office was so already. `planned`: with `dry_run`, nothing was changed. */
    outcome: z.enum(["applied", "unchanged", "planned"]),
    /** The live revision: the one that was made, or with `planned` the one that would be changed. */
    revision: z.number().int(),
    ...difference.shape,
    /** With `planned`. */
    plan: planDetails.optional(),
  })
  .meta({ title: "Change" });
export type ChangeAnswer = z.infer<typeof changeAnswer>;

/** What of a request a change depends on. */
export interface ChangingRequest {
  readonly actor: Actor;
  readonly query: z.infer<typeof changeQuery>;
  readonly ifMatch: number | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly services: Services;
  /** Of the client. */
  readonly address: string;
}

export interface Editing {
  /** Where the body has the fields of an edit, as a JSON pointer; left out: the body is the fields of the only edit. */
  readonly pointerOf?: (edit: number) => string;
  /** Of what is created. */
  readonly location?: string;
  /** Outside numbers that the person has proved to be theirs. */
  readonly provenNumbers?: readonly string[];
}

/** Makes edits of the live office as one revision, and gives the answer. */
export async function edit(
  request: ChangingRequest,
  edits: readonly Edit[] | EditsOf,
  { pointerOf = () => "", location, provenNumbers }: Editing = {},
): Promise<Ok<ChangeAnswer> | Problem> {
  const about = typeof edits === "function" ? edits.about : edits;
  const list = typeof edits === "function" ? [] : edits;
  const placeOf = (fault: Fault & { readonly edit?: number }) => {
    const index = fault.edit ?? 0;
    return (
      mapped(list[index], (each) =>
        mapped(pathIn(each, fault), (path) => pointerOf(index) + pointer(path)),
      ) ??
      (fault.at === undefined
        ? placeOfRefusal({ cause: fault.code, edit: index }, about, pointerOf)
        : undefined)
    );
  };
  return changing(request, {
    change: (deps, asked) => editOfficeBy(deps, proving(asked, provenNumbers), edits),
    about,
    placeOf,
    placeOfRefusal: (ended) => placeOfRefusal(ended, about, pointerOf),
    ...given({ location }),
  });
}

/** The key of each kind in the body that adds one. */
const KEYS: Readonly<Record<string, string>> = { user: "username", number: "number", member: "user" };

/**
 * The field to which a refusal without faults belongs: the name that is taken, or the part of the body that names something
 * that is not there. Undefined: none, such as when the path names it.
 */
function placeOfRefusal(
  { cause, edit: index = 0 }: { readonly cause: string; readonly edit?: number },
  about: readonly EditSubject[] | undefined,
  pointerOf: (edit: number) => string,
): string | undefined {
  const edited = about?.[index];
  if (edited === undefined || (cause !== "exists" && cause !== "not_found")) return undefined;
  const part = pointerOf(index);
  if (part !== "") return part;
  return cause === "exists" ? `/${KEYS[edited.kind] ?? "id"}` : undefined;
}

function proving(asked: ChangeRequest, provenNumbers: readonly string[] | undefined): ChangeRequest {
  const { changer } = asked;
  return changer === undefined ? asked : { ...asked, changer: { ...changer, ...given({ provenNumbers }) } };
}

export interface Changing {
  /** The use case. It is called again when another revision came in between that is not in the way. */
  readonly change: (deps: Deps, asked: ChangeRequest) => Promise<OfficeChanged | OfficeEdited | ChangedSince>;
  /** The entries that it changes; left out: any change since `If-Match` is in the way. */
  readonly about?: readonly EditSubject[] | undefined;
  /** The field of the body that causes a fault, as a JSON pointer; undefined: none of its own. */
  readonly placeOf?: (fault: Fault) => string | undefined;
  /** The field to which a refusal without faults belongs, in the same way. */
  readonly placeOfRefusal?: (ended: Refused) => string | undefined;
  readonly location?: string;
}

/** The same for a use case that changes the office by other means than edits, such as a rollback. */
export async function changing(
  request: ChangingRequest,
  { change, about, location, ...places }: Changing,
): Promise<Ok<ChangeAnswer> | Problem> {
  const { services, ifMatch } = request;
  const asked = changeRequestOf(request);
  if ("kind" in asked) return asked;
  for (let tries = 1; ; tries += 1) {
    const expect = ifMatch === undefined ? undefined : await revisionAfter(services, ifMatch, about);
    if (typeof expect === "object") return expect;
    const ended = await change(services.deps, { ...asked, expect });
    // The expected revision was live a moment ago: another one came in between.
    if (ended.outcome === "conflict" && ifMatch !== undefined && tries < TRIES_MAX) continue;
    return answerOf(services, ended, places, location);
  }
}

/** The author and the conditions of a change, without the expected revision. */
function changeRequestOf({ actor, query, headers, address }: ChangingRequest): ChangeRequest | Problem {
  const header = headers["x-message"];
  // Node.js reads the bytes of headers as Latin-1.
  const message = query.message ?? (header && Buffer.from(header, "latin1").toString("utf8"));
  if (message !== undefined && message.length > MESSAGE_MAX) {
    const fault = {
      field: "header/x-message",
      code: "too_big",
      message: `the reason has more than ${MESSAGE_MAX} characters`,
    };
    return problem("wrong_request", { errors: [fault] });
  }
  return {
    author: authorOf(actor),
    message,
    dryRun: query.dry_run ?? false,
    changer: changerOf(actor),
    origin: auditOf({ actor, address }),
  };
}

/** The revision to expect: the live one, unless the entries have changed since the one that is named. */
function revisionAfter(
  services: Services,
  from: number,
  about: readonly EditSubject[] | undefined,
): Promise<number | Problem> {
  const { store } = services.deps;
  return orDatabaseFailed(async () => {
    const revision = await store.currentRevision();
    const changed = await changedMeanwhile(store, { from, to: revision }, about);
    if (changed?.length === 0) return { outcome: "same" as const, revision };
    return { outcome: "changed" as const, revision, changed };
  }).then((found) => {
    switch (found.outcome) {
      case "same":
        return found.revision;
      case "database_failed":
        return databaseFailed(services, found);
      case "changed":
        return found.changed === undefined
          ? problem("changed_meanwhile", { detail: `there is no revision ${from}`, revision: found.revision })
          : problem("changed_meanwhile", {
              revision: found.revision,
              changed: found.changed.map(changeJson),
            });
    }
  });
}

function answerOf(
  services: Services,
  ended: OfficeChanged | OfficeEdited | ChangedSince,
  { placeOf, placeOfRefusal }: Pick<Changing, "placeOf" | "placeOfRefusal">,
  location: string | undefined,
): Ok<ChangeAnswer> | Problem {
  switch (ended.outcome) {
    case "applied":
    case "unchanged": {
      const { outcome, revision } = ended;
      const made = outcome === "applied" ? { location } : { status: 200 as const };
      return ok({ outcome, revision, ...differenceJson(ended.difference) }, { revision, ...given(made) });
    }
    case "planned": {
      const { outcome, revision } = ended;
      const value = { outcome, revision, ...differenceJson(ended.difference), plan: planJson(ended) };
      return ok(value, { revision, status: 200 });
    }
    case "no_office":
      return problem("no_office");
    case "database_failed":
      return databaseFailed(services, ended);
    case "conflict":
      return problem("changed_meanwhile", {
        detail: "others write all the time; ask again",
        revision: ended.revision,
      });
    case "changed_since":
      return problem("conflict", {
        detail: changedSinceText(ended.entries),
        since: ended.entries.map(({ appliedMs, ...later }) => ({ ...later, at: isoTime(appliedMs) })),
      });
    case "has_messages":
      return problem("in_use", { detail: messagesText(ended.messages.length), revision: ended.revision });
    case "refused":
      return refusedChange(ended, placeOf, placeOfRefusal?.(ended));
  }
}

function messagesText(count: number): string {
  return `${count === 1 ? "1 message is" : `${count} messages are`} in the mailbox, and nobody would get them`;
}

const REFUSALS = {
  not_found: "not_found",
  senseless: "conflict",
  exists: "exists",
  in_use: "in_use",
  checks_failed: "checks_failed",
  not_allowed: "no_permission",
} as const;

/** A refusal of a use case, with each fault at its field of the body. */
function refusedChange(
  { cause, reason, faults, needs }: Refused,
  placeOf: (fault: Fault) => string | undefined = () => undefined,
  field?: string,
): Problem {
  const ofWhole = field === undefined ? [] : [{ field, code: cause, message: reason }];
  const errors = [...ofWhole, ...faults.map((fault) => fieldFaultOf(fault, placeOf(fault)))];
  const more = { ...(errors.length === 0 ? {} : { errors }), ...given({ permission: needs }) };
  return problem(REFUSALS[cause], { detail: reason, ...more });
}

function fieldFaultOf(
  { where, code, message, found, expected, suggestion }: Fault,
  field: string | undefined,
): FieldFault {
  return {
    field: field ?? "",
    code,
    message,
    ...(field === undefined && where !== "" ? { where } : {}),
    ...given({ found, expected, suggestion }),
  };
}

/** The place of a fault in the fields of an edit; undefined: the fault is in another entry. */
function pathIn(edited: Edit, { at, where }: Fault): Path | undefined {
  if (at === undefined) return undefined;
  const [owner, part] = partsOf(edited.id) ?? [];
  switch (edited.kind) {
    case "member":
      return isPart(at, "group", owner, where, `member ${part}`) ? at.path.slice(2) : undefined;
    case "device":
      return isPart(at, "user", owner, where, `device ${part}`) ? at.path.slice(2) : undefined;
    case "flow":
      return isSame(at, edited) ? ["steps", ...at.path] : undefined;
    default:
      return isSame(at, edited) ? at.path : undefined;
  }
}

function isSame(at: NonNullable<Fault["at"]>, edited: Edit): boolean {
  return subjectText(at) === subjectText(edited);
}

/** The words of the place end with the part's own name. */
function isPart(
  at: NonNullable<Fault["at"]>,
  kind: string,
  owner: string | undefined,
  where: string,
  part: string,
): boolean {
  return at.kind === kind && at.id === owner && where.endsWith(`, ${part}`);
}

/** A path as a JSON pointer (RFC 6901, section 3). */
export function pointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
