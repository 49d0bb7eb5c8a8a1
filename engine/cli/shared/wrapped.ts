/** A sentence as lines that fit a terminal. */
import { printable } from "../../../policy/text.js";

/** What a terminal has at least. */
const WIDTH = 80;

/** The sentence in lines that all begin with so many spaces. A word that is longer than a line is broken. */
export function wrapped(raw: string, indent: number): string {
  const room = WIDTH - indent;
  const lines: string[] = [];
  let line = "";
  for (const word of printable(raw)
    .split(" ")
    .flatMap((long) => pieces(long, room))) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text) => `${" ".repeat(indent)}${text}\n`).join("");
}

function pieces(word: string, room: number): string[] {
  const characters = Array.from(word);
  const found: string[] = [];
  for (let from = 0; from < characters.length; from += room)
    found.push(characters.slice(from, from + room).join(""));
  return found;
}
