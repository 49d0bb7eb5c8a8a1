/** What a permission lets people do, in the language of the page; one that this page does not know says nothing more. */
import { isWord, type Speech } from "../../words/words.js";

export function whatOf(say: Speech["say"], permission: string): string {
  const word = `own_permissions.what.${permission}`;
  return isWord(word) ? say(word) : "";
}
