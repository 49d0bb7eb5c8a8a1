/** What `apply` and `plan` share about removals: their options, and the words for what is refused. */
import { type Command, InvalidArgumentError } from "commander";
import type {
  ApplyRefusal,
  NamedEntity,
  RemovalChoices,
  Replacement,
} from "../../../policy/change/removal-choices.js";
import {
  holdsSomething,
  VANISHING_KINDS,
  type Vanished,
  vanishedName,
} from "../../../policy/change/vanishing.js";
import { printable } from "../../../policy/text.js";

export interface RemovalOptions {
  readonly remove: readonly NamedEntity[];
  readonly replace: readonly Replacement[];
  readonly removeMany?: boolean;
  readonly withoutAdmin?: boolean;
}

/** Adds the options of {@link RemovalOptions} to a command. */
export function removing(command: Command): Command {
  return command
    .option("--remove <kind:id>", "remove this with all that is kept about it (repeat for more)", removed, [])
    .option("--replace <kind:old=new>", "remove old; new gets its messages and turns (repeat)", replaced, [])
    .option("--remove-many", "remove more than a tenth of the users or numbers at once, and three at least")
    .option("--without-admin", "leave the office without a System Admin");
}

export function choicesOf({ remove, replace, removeMany, withoutAdmin }: RemovalOptions): RemovalChoices {
  return { remove, replace, many: removeMany ?? false, withoutAdmin: withoutAdmin ?? false };
}

const NAME = new RegExp(`^(${VANISHING_KINDS.join("|")}):(.+)$`, "s");

function removed(text: string, before: readonly NamedEntity[]): NamedEntity[] {
  return [...before, named(text)];
}

function named(text: string): NamedEntity {
  const [, written, id = ""] = NAME.exec(text) ?? [];
  const kind = VANISHING_KINDS.find((each) => each === written);
  if (kind === undefined)
    throw new InvalidArgumentError(
      "expected one of user:NAME, group:ID, device:NAME/ID, flow:ID, number:+NUMBER.",
    );
  return { kind, id };
}

function replaced(text: string, before: readonly Replacement[]): Replacement[] {
  const [old = "", to = "", more] = text.split("=");
  const { kind, id } = named(old);
  if ((kind !== "user" && kind !== "group") || to === "" || more !== undefined)
    throw new InvalidArgumentError("expected user:OLD=NEW or group:OLD=NEW.");
  return [...before, { kind, from: id, to: to.replace(`${kind}:`, "") }];
}

/** `3 messages, 1 greeting, a PIN`; empty: nothing is kept about it. */
export function holdingsText({ messages, greetings, hasPin, passwords, calls }: Vanished): string {
  const counts = [
    counted(messages, "message", "messages"),
    counted(greetings, "greeting", "greetings"),
    hasPin ? "a PIN" : "",
    counted(passwords, "phone password", "phone passwords"),
    counted(calls, "call right now", "calls right now"),
  ];
  return counts.filter((text) => text !== "").join(", ");
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? "" : `${count} ${count === 1 ? one : many}`;
}

/** What is removed and has something, one line each; empty: there is none. */
export function removesText(removes: readonly Vanished[], title: string): string {
  const lines = removes
    .filter(holdsSomething)
    .map((each) => `  ${printable(vanishedName(each))}: ${holdingsText(each)}\n`);
  return lines.length === 0 ? "" : `${title}\n${lines.join("")}`;
}

/** Why applying is refused, in one sentence that says what to do. */
export function refusalText(refusal: ApplyRefusal): string {
  switch (refusal.code) {
    case "would_lose": {
      const name = vanishedName(refusal.vanished);
      const replace = ["user", "group"].includes(refusal.vanished.kind)
        ? `, or say who takes over: --replace ${name}=NEW`
        : "";
      return `${name} is not in the files and has ${holdingsText(refusal.vanished)}; give that up with --remove ${name}${replace}`;
    }
    case "too_many":
      return `the files lack ${refusal.removed} of ${refusal.of} ${refusal.section}; if that is meant, say --remove-many`;
    case "last_admin":
      return `the office would have no System Admin any more (now: ${refusal.admins.join(", ")}); if that is meant, say --without-admin`;
    case "still_there":
      return `${refusal.name} is in the files: it is not removed`;
    case "no_replacement":
      return `${refusal.name} cannot take over: ${refusal.why}`;
  }
}

/** A refusal for programs: as it is, and in words. */
export function refusalJson(refusal: ApplyRefusal): object {
  return { ...refusal, message: refusalText(refusal) };
}
