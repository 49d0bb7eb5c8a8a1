/** The name of a group as people read it. */
import { isWord, useSpeech } from "../../../words/words.js";

/** Built-in groups have a name in the page's language; the office's own are named by the office. */
export function useGroupName(): (group: {
  readonly id: string;
  readonly name: string;
  readonly built_in: boolean;
}) => string {
  const { say } = useSpeech();
  return ({ id, name, built_in: isBuiltIn }) => {
    const word = `groups.named.${id}`;
    return isBuiltIn && isWord(word) ? say(word) : name;
  };
}
