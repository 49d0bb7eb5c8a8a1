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
import { HEARING, openedBetween, openedBy } from "./hearing.js";
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

/** Who makes a change, and what is looked up for each of its edits or fields, which may be a hundred thousand. */
interface Guarding {
  readonly asker: Asker;
  /** Why the person may not change this user; undefined: they may, or there was no such user. */
  readonly above: (username: string) => NotAllowed | undefined;
  /** Whether numbers alone lead to a flow, in the offices on both sides. */
  readonly isOfNumbers: (flow: string) => boolean;
}

/** Why somebody may not make a change; undefined: they may. */
export function guardChange(changer: Changer, change: GuardedChange): NotAllowed | undefined {
  const { before, after, edits } = change;
  const users = new Map(before.users.map((each) => [each.username, each]));
  const user = users.get(changer.username);
  if (user === undefined) return notAllowed(`\`${changer.username}\` is not in the office any more`);
  if (user.suspended === true) return notAllowed(`\`${changer.username}\` is suspended`);
  const asker: Asker = { user, office: sourceOf(before), keyPowers: changer.keyPowers };
  const guarding: Guarding = {
    asker,
    above: once((username) => aboveNamed(asker, users.get(username))),
    isOfNumbers: usedByNumbersAlone([before, after ?? before]),
  };
  const byEdits = edits && refusedEdit(guarding, edits, changer.provenNumbers);
  if (byEdits !== undefined || after === undefined) return byEdits;
  const byFields = edits === undefined ? refusedTouch(guarding, before, after) : undefined;
  return byFields ?? refusedOutcome(asker, before, after);
}

/** Asks once for each name. */
function once<T>(ask: (name: string) => T): (name: string) => T {
  const asked = new Map<string, T>();
  return (name) => {
    const known = asked.get(name);
    if (known !== undefined || asked.has(name)) return known as T;
    const answer = ask(name);
    asked.set(name, answer);
    return answer;
  };
}

function refusedEdit(
  guarding: Guarding,
  edits: readonly Edit[],
  provenNumbers?: readonly string[],
): NotAllowed | undefined {
  for (const [index, edit] of edits.entries()) {
    const { kind, id, verb } = edit;
    const lacking =
      lackingFor(guarding.asker, edit, provenNumbers) ?? lackingForFlow(guarding, edit, verb !== "rename");
    const username = kind === "user" ? id : kind === "device" ? id.split("/", 1)[0] : undefined;
    const above = username === undefined ? undefined : guarding.above(username);
    const refusal =
      lacking === undefined ? (above ?? opens(openedBy(guarding.asker, edits, index))) : needs(edit, lacking);
    if (refusal !== undefined) return { ...refusal, edit: index };
  }
  return undefined;
}

/** The same for a change that is no list of edits: each field that differs needs what an edit of it needs. */
function refusedTouch(guarding: Guarding, before: Office, after: Office): NotAllowed | undefined {
  const met = once((key: string) => {
    const [, kind = "", field] = /^(\S+)(?: (.*))?$/s.exec(key) ?? [];
    return meets(guarding.asker, needOf(kind, field), false);
  });
  for (const { kind, id, field } of touchesBetween(before, after)) {
    const lacking: Lacking | undefined = met(field === undefined ? kind : `${kind} ${field}`)
      ? lackingForFlow(guarding, { kind, id }, true)
      : { anyOf: needOf(kind, field).anyOf, ...given({ field }) };
    const refusal =
      lacking === undefined
        ? kind === "user"
          ? guarding.above(id)
          : undefined
        : needs({ kind, id }, lacking);
    if (refusal !== undefined) return refusal;
  }
  return opens(openedBetween(guarding.asker, before, after));
}

function opens(group: string | undefined): NotAllowed | undefined {
  const permissions = HEARING.map((each) => `\`${each}\``).join(" or ");
  return group === undefined
    ? undefined
    : notAllowed(
        `somebody would hear the messages of the group \`${group}\` by this, which is for its members and for ${permissions}`,
        HEARING[0],
      );
}

/**
 * A flow to which numbers alone lead is changed by whoever changes numbers; any other flow, only by who changes flows.
 * @param keepsId false: it gets another id, which concerns whatever leads to it
 */
function lackingForFlow(
  { asker, isOfNumbers }: Guarding,
  { kind, id }: EditSubject,
  keepsId: boolean,
): Lacking | undefined {
  if (kind !== "flow" || askerMay(asker, "call_flows")) return undefined;
  return keepsId && isOfNumbers(id) ? undefined : { anyOf: ["call_flows"] };
}

/** What leads to the flows is looked for once, when a flow is asked for. */
function usedByNumbersAlone(offices: readonly Office[]): (flow: string) => boolean {
  let uses: readonly ReturnType<typeof usesOfFlows>[] | undefined;
  return (flow) => {
    uses ??= offices.map(usesOfFlows);
    return uses.every((each) => (each.get(flow) ?? []).every((place) => place.startsWith("number ")));
  };
}

function aboveNamed(asker: Asker, user: User | undefined): NotAllowed | undefined {
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
