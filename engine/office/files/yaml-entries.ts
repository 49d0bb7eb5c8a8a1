/** Finds in the text of an office file where each entry of each section begins and ends, without reading the entries. */

export interface Entry {
  readonly section: string;
  /**
   * - `item`: an element of the section's list.
   * - `key`: a key of the section's mapping, with its value.
   * - `section`: the section itself, which has its value on the line of its key.
   */
  readonly kind: "item" | "key" | "section";
  /** The line of the file with which the entry begins, and that of the section's key; lines count from 1. */
  readonly line: number;
  readonly header: number;
  readonly indent: number;
  readonly from: number;
  readonly to: number;
}

/** A section whose entries are being found; `indent` is theirs, once there is one. */
interface Section {
  readonly name: string;
  readonly line: number;
  indent?: number;
}

const SECTION_LINE = /^([a-z][a-z0-9_]*):(?:\s|$)/;
const BARE_SECTION_LINE = /^[a-z0-9_]+:\s*(?:#.*)?$/;
/** A key and a colon stand within so many characters. */
const BEGINNING_CHARS = 256;

/** Undefined: the file has another form. The entries are in the order of the file, and no section is there twice. */
export function entriesOf(text: string): readonly Entry[] | undefined {
  const finder = new Finder();
  for (const line of significantLines(text)) if (!finder.read(line)) return undefined;
  return finder.finish(text.length);
}

class Finder {
  readonly #entries: Entry[] = [];
  readonly #sections = new Set<string>();
  #section: Section | undefined;
  #open: Omit<Entry, "to"> | undefined;

  /** @returns whether the line has its place in the form */
  read(line: Line): boolean {
    const name = line.indent === 0 ? SECTION_LINE.exec(line.beginning)?.[1] : undefined;
    return name === undefined ? this.#entry(line) : this.#header(line, name);
  }

  finish(end: number): readonly Entry[] | undefined {
    return this.#close(end) ? this.#entries : undefined;
  }

  #header(line: Line, name: string): boolean {
    if (!this.#close(line.at) || this.#sections.has(name)) return false;
    this.#sections.add(name);
    this.#section = { name, line: line.number };
    if (!BARE_SECTION_LINE.test(line.beginning)) this.#begin(line, "section");
    return true;
  }

  #entry(line: Line): boolean {
    const { indent, beginning } = line;
    if (this.#section === undefined) return false;
    if (this.#open?.kind === "section") return indent > 0;
    this.#section.indent ??= indent;
    if (indent > this.#section.indent) return true;
    const isItem = beginning.startsWith("- ");
    if (indent < this.#section.indent || (indent === 0 && !isItem)) return false;
    this.#end(line.at);
    this.#begin(line, isItem ? "item" : "key");
    return true;
  }

  #begin(line: Line, kind: Entry["kind"]): void {
    if (this.#section === undefined) throw new Error("an entry of no section");
    const { name, line: header } = this.#section;
    this.#open = { section: name, kind, line: line.number, header, indent: line.indent, from: line.at };
  }

  #end(to: number): void {
    if (this.#open !== undefined) this.#entries.push({ ...this.#open, to });
    this.#open = undefined;
  }

  /** @returns whether the section has entries: one without is null, and not an empty list */
  #close(to: number): boolean {
    const isEmpty = this.#section !== undefined && this.#open === undefined;
    this.#end(to);
    return !isEmpty;
  }
}

/** A line that is neither empty nor a comment. */
interface Line {
  readonly at: number;
  readonly number: number;
  readonly indent: number;
  /** Of its text, behind the indent. */
  readonly beginning: string;
}

function* significantLines(text: string): Generator<Line> {
  let at = 0;
  for (let number = 1; at < text.length; number += 1) {
    const end = text.indexOf("\n", at);
    const next = end < 0 ? text.length : end + 1;
    let indent = 0;
    while (text[at + indent] === " ") indent += 1;
    const begin = text[at + indent];
    if (begin !== "\n" && begin !== "\r" && begin !== "#" && begin !== undefined) {
      const beginning = text.slice(at + indent, Math.min(next, at + indent + BEGINNING_CHARS)).trimEnd();
      yield { at, number, indent, beginning };
    }
    at = next;
  }
}
