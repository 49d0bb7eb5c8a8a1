/**
 * Holds every change of an office by a person, whatever road it takes, to what the person may do. An edit needs the
 * permission of its kind and field; besides, the offices before and after are compared: nobody gets a right by it that the
 * person who makes the change does not have, and nobody who has more rights than that person is changed. Commands with a
 * shell on the machine are not held to it.
 */
import type { Refusal } from "../change/edit.js";
import { subjectWords } from "../change/edits/subjects.js";
import type { Edit, EditSubject } from "../change/edits/types.js";
import { usesOfFlows } from "../change/routes/flow-uses.js";
import type { Office, User } from "../office/office.js";
import { given } from "../office/optional.js";
import { type Asker, askerMay, type KeyPower, type Needed } from "./access.js";
import { type Lacking, lackingFor, meets, needOf } from "./edits.js";
import { wrongOutcome } from "./outcome.js";
import { widened } from "./outward.js";
import { aboveBy, sourceOf } from "./rights.js";
import { touchesBetween } from "./touches.js";

/** The person who changes an office. Their permissions are those in the office that is changed. */
export interface Changer {
  readonly username: string;
  /** Of the API key that is used; null: none is. */
  readonly keyPowers: readonly KeyPower[] | null;
  /** Outside numbers in E.164 that the person has proved to be theirs. */
  readonly provenNumbers?: readonly string[];
}

export interface GuardedChange {
  readonly before: Office;
  /** Left out: it is not known yet; then only the edits are looked at. */
  readonly after?: Office;
  /** Left out: the change is no list of edits, and each field that differs counts. */
  readonly edits?: readonly Edit[];
}

/** Why a change is not made. */
export interface NotAllowed extends Refusal {
  readonly cause: "not_allowed";
  /** The edit at fault, where the change is a list of edits; its place in the list, from 0. */
  readonly edit: number;
  /** A permission that the person lacks. */
  readonly needs?: Needed;
}

/** Why somebody may not make a change; undefined: they may. */
export function guardChange(changer: Changer, change: GuardedChange): NotAllowed | undefined {
  const { before, after, edits } = change;
  const user = before.users.find(({ username }) => username === changer.username);
  if (user === undefined) return notAllowed(`\`${changer.username}\` is not in the office any more`);
  if (user.suspended === true) return notAllowed(`\`${changer.username}\` is suspended`);
  const asker: Asker = { user, office: sourceOf(before), keyPowers: changer.keyPowers };
  const byEdits = edits && refusedEdit(asker, edits, change, changer.provenNumbers);
  if (byEdits !== undefined || after === undefined) return byEdits;
  const byFields = edits === undefined ? refusedTouch(asker, before, after) : undefined;
  return byFields ?? refusedOutcome(asker, before, after);
}

function refusedEdit(
  asker: Asker,
  edits: readonly Edit[],
  { before, after = before }: GuardedChange,
  provenNumbers?: readonly string[],
): NotAllowed | undefined {
  for (const [index, edit] of edits.entries()) {
    const { kind, id, verb } = edit;
    const lacking =
      lackingFor(asker, edit, provenNumbers) ??
      lackingForFlow(asker, edit, verb === "rename" ? undefined : [before, after]);
    const username = kind === "user" ? id : kind === "device" ? id.split("/", 1)[0] : undefined;
    const refusal = lacking === undefined ? aboveNamed(asker, before, username) : needs(edit, lacking);
    if (refusal !== undefined) return { ...refusal, edit: index };
  }
  return undefined;
}

/** The same for a change that is no list of edits: each field that differs needs what an edit of it needs. */
function refusedTouch(asker: Asker, before: Office, after: Office): NotAllowed | undefined {
  for (const { kind, id, field } of touchesBetween(before, after)) {
    const need = needOf(kind, field);
    const lacking: Lacking | undefined = meets(asker, need, false)
      ? lackingForFlow(asker, { kind, id }, [before, after])
      : { anyOf: need.anyOf, ...given({ field }) };
    const refusal =
      lacking === undefined
        ? aboveNamed(asker, before, kind === "user" ? id : undefined)
        : needs({ kind, id }, lacking);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/**
 * A flow to which numbers alone lead is changed by whoever changes numbers; any other flow, only by who changes flows.
 * @param offices before and after; undefined: it gets another id, which concerns whatever leads to it
 */
function lackingForFlow(
  asker: Asker,
  { kind, id }: EditSubject,
  offices: readonly Office[] | undefined,
): Lacking | undefined {
  if (kind !== "flow" || askerMay(asker, "call_flows")) return undefined;
  const isOfNumbers = offices?.every((office) =>
    (usesOfFlows(office).get(id) ?? []).every((place) => place.startsWith("number ")),
  );
  return isOfNumbers === true ? undefined : { anyOf: ["call_flows"] };
}

function aboveNamed(asker: Asker, { users }: Office, username: string | undefined): NotAllowed | undefined {
  const user = username === undefined ? undefined : users.find((each) => each.username === username);
  const right = user && aboveBy(asker, user);
  return user && right && above(user, right);
}

function refusedOutcome(asker: Asker, before: Office, after: Office): NotAllowed | undefined {
  const wrong = wrongOutcome(asker, before, after);
  switch (wrong?.kind) {
    case "gives":
      return notAllowed(
        `\`${wrong.username}\` would ${wouldBe(wrong.right)} by this: nobody gives what they do not have`,
        wrong.right,
      );
    case "above":
      return above(wrong, wrong.right);
    case "rights":
      return notAllowed(`this changes what \`${wrong.username}\` may do, which needs \`users\``, "users");
    case undefined: {
      const wide = widened(asker, before, after);
      return wide && notAllowed(wide.reason, wide.needs);
    }
  }
}

function above({ username }: Pick<User, "username">, right: Needed): NotAllowed {
  const has = right === "system_admin" ? "is a System Admin" : `has the permission \`${right}\``;
  const words =
    right === "system_admin" ? "only another one changes them" : "only who has it, too, changes them";
  return notAllowed(`\`${username}\` ${has}: ${words}`, right);
}

function wouldBe(right: Needed): string {
  return right === "system_admin" ? "become a System Admin" : `get the permission \`${right}\``;
}

function needs(subject: EditSubject, { anyOf, field }: Lacking): NotAllowed {
  const what = field === undefined ? subjectWords(subject) : `\`${field}\` of ${subjectWords(subject)}`;
  const permissions = anyOf.map((each) => (each === "system_admin" ? "System Admins" : `\`${each}\``));
  return notAllowed(`changing ${what} is for ${permissions.join(" or ")}`, anyOf[0]);
}

function notAllowed(reason: string, missing?: Needed): NotAllowed {
  return {
    ok: false,
    cause: "not_allowed",
    reason,
    faults: [],
    edit: 0,
    ...given({ needs: missing }),
  };
}
