/**
 * Changes what happens when somebody does not answer, said in a few words: how long their phones ring, and what comes
 * then. Steps that were written otherwise are not guessed at.
 */
import { builtInGroup } from "../../office/built-in.js";
import type { Office } from "../../office/office.js";
import { given, mapped } from "../../office/optional.js";
import { parseTarget } from "../../office/target.js";
import { exportGroup, exportUser, type GroupFile, type UserFile } from "../../office-file/export.js";
import { suggest } from "../../office-file/suggest.js";
import { type Refusal, refused } from "../edit.js";
import type { Entry } from "./merge.js";

/** What to change; what is left out stays. */
export interface NoAnswer {
  /** How long their phones ring. */
  readonly ring?: number | "none" | undefined;
  /** Whether who answers has to press 1. */
  readonly accept?: string | undefined;
  /** `voicemail`, `hangup`, or the target that gets the call: what comes instead of all steps after the ringing. */
  readonly then?: string | undefined;
}

/** Where a call may go that nobody answered, besides a target. */
const ENDINGS = ["voicemail", "hangup"] as const;

/** The field of an edit that changes what happens when a user or group does not answer. */
export function noAnswerFields(
  office: Office,
  kind: "user" | "group",
  id: string,
  wish: NoAnswer,
): { readonly ok: true; readonly fields: { readonly no_answer?: readonly Entry[] } } | Refusal {
  const file = kind === "user" ? userFile(office, id) : groupFile(office, id);
  // Who is not there is found by the edit.
  if (file === undefined) return { ok: true, fields: {} };
  const { no_answer: steps = [], extension } = file;
  const changed = withNoAnswer(steps as readonly Entry[], `${kind}:${id}`, mapped(extension, String), wish);
  return changed.ok ? { ok: true, fields: { no_answer: changed.steps } } : changed;
}

function userFile(office: Office, id: string): UserFile | undefined {
  return mapped(
    office.users.find(({ username }) => username === id),
    exportUser,
  );
}

function groupFile(office: Office, id: string): GroupFile | undefined {
  return mapped(office.groups.find((group) => group.id === id) ?? builtInGroup(id), exportGroup);
}

type NoAnswerSteps = { readonly ok: true; readonly steps: readonly Entry[] } | Refusal;

/**
 * @param steps as a file writes them
 * @param owner `user:NAME` or `group:ID`
 * @param extension theirs: a step may name them by it
 */
function withNoAnswer(
  steps: readonly Entry[],
  owner: string,
  extension: string | undefined,
  wish: NoAnswer,
): NoAnswerSteps {
  const own = [owner, ...(extension === undefined ? [] : [`extension:${extension}`])];
  const [first, ...rest] = steps;
  const ringing = first !== undefined && own.includes(String(first["ring"])) ? first : undefined;
  if (ringing === undefined && wish.then === undefined)
    return refused(
      `what happens when ${owner} does not answer does not begin with their phones: name all steps`,
    );
  const after = wish.then === undefined ? { ok: true as const, steps: rest } : ending(wish.then, owner);
  if (!after.ok) return after;
  const { ring, accept } = wish;
  const changed = { ...(ringing ?? { ring: owner }), ...given({ timeout: ring, accept }) };
  return { ok: true, steps: [changed, ...after.steps] };
}

function ending(then: string, owner: string): NoAnswerSteps {
  if (then === "voicemail") return { ok: true, steps: [{ voicemail: owner }] };
  if (then === "hangup") return { ok: true, steps: [{ hangup: "no_answer" }] };
  if (parseTarget(then) !== undefined) return { ok: true, steps: [{ send: then }] };
  const meant = suggest(then, ENDINGS);
  return refused(
    `\`${then}\` is no place for a call: expected voicemail, hangup, or a target such as user:NAME${
      meant === undefined ? "" : `; did you mean ${meant}?`
    }`,
  );
}
