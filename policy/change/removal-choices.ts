/**
 * What an operator says about removals when files are applied: what may go, who takes over, and whether many may go at
 * once. What is said must fit the office: a mistyped name must not pass as an answer.
 */
import { ALL_USERS } from "../office/built-in.js";
import type { Office } from "../office/office.js";
import { lostAdmins } from "./last-admin.js";
import type { RemovalRefusal, Removing, VanishingKind } from "./vanishing.js";

/** Something by its kind and id; of a device: `bob.stone/desk`. */
export interface NamedEntity {
  readonly kind: VanishingKind;
  readonly id: string;
}

/** A user or group that goes, and who gets the messages and the turns. */
export interface Replacement {
  readonly kind: "user" | "group";
  readonly from: string;
  readonly to: string;
}

export interface RemovalChoices {
  readonly remove: readonly NamedEntity[];
  readonly replace: readonly Replacement[];
  /** More than a tenth of the users or numbers may go at once. */
  readonly many: boolean;
  /** The office may be without a System Admin. */
  readonly withoutAdmin: boolean;
}

export const NO_CHOICES: RemovalChoices = { remove: [], replace: [], many: false, withoutAdmin: false };

/** Why files are not applied. */
export type ApplyRefusal =
  | RemovalRefusal
  /** `admins`: those that the live office has. */
  | { readonly code: "last_admin"; readonly admins: readonly string[] }
  /** Named to be removed or replaced, and still in the files. */
  | { readonly code: "still_there"; readonly name: string }
  | { readonly code: "no_replacement"; readonly name: string; readonly why: string };

/** The choices as the removal itself is judged by them. @param calls how many calls are about each entity now */
export function removingOf({ remove, many }: RemovalChoices, calls: ReadonlyMap<string, number>): Removing {
  return { named: remove.map(({ kind, id }) => `${kind}:${id}`), many, calls };
}

/** What is wrong with the choices, or lost in spite of them, whatever is kept. @param admins of the live office */
export function refusedChoices(
  { remove, replace, withoutAdmin }: RemovalChoices,
  wanted: Office,
  admins: readonly string[],
): ApplyRefusal[] {
  const gone = [...remove, ...replace.map(({ kind, from }) => ({ kind, id: from }))];
  const lost = withoutAdmin ? [] : lostAdmins(admins, wanted);
  return [
    ...(lost.length === 0 ? [] : [{ code: "last_admin", admins: lost } as const]),
    ...gone
      .filter((entity) => isIn(wanted, entity))
      .map(({ kind, id }) => ({ code: "still_there", name: `${kind}:${id}` }) as const),
    ...replace.flatMap((each) => {
      const why = whyNot(wanted, each);
      return why === undefined
        ? []
        : [{ code: "no_replacement", name: `${each.kind}:${each.to}`, why } as const];
    }),
  ];
}

function whyNot(wanted: Office, { kind, to }: Replacement): string | undefined {
  if (!isIn(wanted, { kind, id: to })) return `the files have no ${kind} \`${to}\``;
  if (kind === "group") return to === ALL_USERS ? "everybody would get the messages" : undefined;
  const user = wanted.users.find(({ username }) => username === to);
  return user?.suspended === true ? `\`${to}\` is suspended and can take nothing over` : undefined;
}

function isIn(office: Office, { kind, id }: NamedEntity): boolean {
  switch (kind) {
    case "user":
      return office.users.some(({ username }) => username === id);
    case "group":
      return office.groups.some((group) => group.id === id);
    case "flow":
      return Object.hasOwn(office.flows, id);
    case "number":
      return office.numbers.some(({ number }) => number === id);
    case "device":
      return false;
  }
}
