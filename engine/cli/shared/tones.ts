/** The colours of a story's lines on a terminal. */
import pc from "picocolors";
import type { Tone } from "../../../policy/record/story.js";

/** The terminal says whether it has colours. */
const colours = pc.createColors(true);

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  plain: (text) => text,
  good: colours.green,
  bad: colours.yellow,
  faint: colours.dim,
};

/** The text in the colour of its tone. */
export function painted(text: string, tone: Tone, hasColours: boolean): string {
  return hasColours ? PAINT[tone](text) : text;
}
