/**
 * Who and what a record names, in the words of people: a user by their name, a number with spaces and its label. What the
 * office does not have any more is named as the record names it.
 */
import { spacedNumber } from "../routing/country.js";
import type { RoutingTable } from "../routing/table.js";
import type { Party } from "./happening.js";
import type { CallRecord } from "./record.js";

/** What is needed of an office; a call is told with the names of the revision that carried it. */
export type NamesOffice = Pick<RoutingTable, "user" | "group" | "number" | "lookupExtension">;

export class Names {
  /** @param office undefined: there is none, and names are those of the record */
  constructor(private readonly office: NamesOffice | undefined) {}

  user(username: string): string {
    const name = this.office?.user(username)?.name ?? "";
    return name === "" ? username : name;
  }

  group(id: string): string {
    const name = this.office?.group(id)?.name ?? "";
    return `the group ${name === "" ? id : name}`;
  }

  /** An own number with its label. */
  number(number: string): string {
    const label = this.office?.number(number)?.label ?? "";
    return label === "" ? spacedNumber(number) : `${spacedNumber(number)} (${label})`;
  }

  /** What was dialled: a number, or an extension with its owner. */
  dialled(text: string): string {
    if (text === "") return "an empty number";
    if (!/^\d{2,6}$/.test(text)) return this.number(text);
    const owner = this.office?.lookupExtension(text);
    if (owner === undefined) return text;
    return `extension ${text} (${owner.kind === "user" ? this.user(owner.user.username) : this.group(owner.group.id)})`;
  }

  /** `user:alice.wong`, `group:sales`, and so on; any other text as it is. */
  target(text: string): string {
    const colon = text.indexOf(":");
    const name = text.slice(colon + 1);
    switch (text.slice(0, Math.max(0, colon))) {
      case "user":
        return this.user(name);
      case "group":
        return this.group(name);
      case "number":
        return this.number(name);
      case "extension":
        return this.dialled(name);
      case "flow":
        return `the flow ${name}`;
      case "schedule":
        return `the schedule ${name}`;
      default:
        return text;
    }
  }

  /** A sentence in which targets stand, such as the words of a step. */
  inText(text: string): string {
    return text.replace(/\b(user|group|number|extension|flow|schedule):[^\s,;()]+/g, (found) =>
      this.target(found),
    );
  }

  /** A mailbox by its owner, `user:NAME` or `group:ID`. */
  mailbox(box: string): string {
    const owner = this.target(box);
    return box.startsWith("user:") ? `${possessive(owner)} mailbox` : `the mailbox of ${owner}`;
  }

  /** Who answers on such a phone: a user, or a number. */
  party(who: string): string {
    return this.#isNumber(who) ? this.number(who) : this.user(who);
  }

  /** `Alice Wong's phone "desk"`; without a device all phones of the user. @param to the number that was dialled for it, if it is an outside phone */
  phone({ who, device }: Party, to = ""): string {
    if (this.#isNumber(who)) return this.number(who);
    if (device === "") return `${possessive(this.user(who))} phones`;
    const number = to.startsWith("+") ? ` (${spacedNumber(to)})` : "";
    return `${possessive(this.user(who))} phone "${device}"${number}`;
  }

  /** A user may be named by digits alone. */
  #isNumber(who: string): boolean {
    return /^[+*#\d][*#\d]*$/.test(who) && this.office?.user(who) === undefined;
  }

  /** Who calls: a name and a number, or that the number is withheld. */
  caller({ from, name, isWithheld, user }: CallRecord): string {
    if (user !== null) return this.user(user);
    if (isWithheld) return "somebody with a withheld number";
    const number = from === "" ? "a number that is not kept any more" : spacedNumber(from);
    return name === "" || name === from ? number : `${name} (${number})`;
  }
}

function possessive(name: string): string {
  return `${name}'s`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
