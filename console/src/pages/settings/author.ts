/** Who made a change, as a person reads it: the server writes `user:alice.wong`, or the account of the machine. */
import type { Speech } from "../../words/words.js";

export function authorText(say: Speech["say"], author: string): string {
  return author === "" ? say("history.nobody") : author;
}
