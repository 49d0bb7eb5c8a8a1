/** Permissions in the page's language; what the server says in English stands where a word is missing. */
import type { AnswerOf } from "../../../office/client.js";
import { isWord, type Speech } from "../../../words/words.js";

export type Told = AnswerOf<"listUserPermissions">["permissions"][number];

/** What a permission lets people do. */
export function whatOf(say: Speech["say"], name: string, what: string): string {
  const word = `permission_what.${name}`;
  return isWord(word) ? say(word) : what;
}

/** Why somebody has it, or does not. */
export function reasonOf(say: Speech["say"], { because, by_name: byName, name, reason }: Told): string {
  switch (because) {
    case "own":
      return say(byName === true ? "permission_why.given" : "permission_why.denied");
    case "has_number":
      return say("permission_why.has_number");
    case "default":
      return say(name === "outside_calls" ? "permission_why.no_number" : "permission_why.default");
    case "suspended":
    case "system_admin":
    case "billing_admin":
      return say(`permission_why.${because}`);
    default:
      return reason;
  }
}

/** Why there is nothing yet that it allows. */
export function notAvailableOf(say: Speech["say"], name: string, reason: string): string {
  const word = `permission_not_yet.${name}`;
  return isWord(word) ? say(word) : reason;
}
