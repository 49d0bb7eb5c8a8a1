/**
 * Fits a help text to the width of a terminal. Commander wraps what it knows; notes and examples are written by hand, for
 * any width: a paragraph with a line that is too long is set anew, and an example goes on in the next line.
 */

const EXAMPLE = /^\s+ringline\b/;

const WORDS = /(\s*)(\S+)/g;
/** In an example an option stays with its value, and what is quoted in one line. */
const EXAMPLE_WORDS = /(\s*)(--[\w-]+(?: (?:"[^"]*"|[^-\s]\S*))?|"[^"]*"|\S+)/g;

export function fitted(text: string, width: number): string {
  const lines = text.split("\n");
  const fit: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = paragraphEnd(lines, at);
    fit.push(...fittedParagraph(lines.slice(at, end), width));
    at = end;
  }
  return fit.join("\n");
}

/** Lines that begin at the margin belong together; any other line stands alone. */
function paragraphEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (/^\S/.test(lines[end] ?? "")) end += 1;
  return Math.max(end, from + 1);
}

function fittedParagraph(lines: readonly string[], width: number): string[] {
  if (lines.every((line) => line.length <= width)) return [...lines];
  const text = lines.join(" ");
  const indent = /^ */.exec(text)?.[0] ?? "";
  const isExample = EXAMPLE.test(text);
  const isAlone = lines.length === 1 && (indent !== "" || text.startsWith("Usage:"));
  return broken(text.trim().matchAll(isExample ? EXAMPLE_WORDS : WORDS), {
    first: indent,
    next: isAlone ? `${indent}    ` : indent,
    width: isExample ? width - 2 : width,
    // A shell reads the example as one line.
    end: isExample ? " \\" : "",
  });
}

interface Break {
  readonly first: string;
  readonly next: string;
  readonly width: number;
  readonly end: string;
}

/** Words keep the spaces between them, as columns are aligned by spaces. */
function broken(words: Iterable<RegExpMatchArray>, { first, next, width, end }: Break): string[] {
  const done: string[] = [];
  let line = first;
  const pieces = [...words].flatMap(([, space = "", word = ""]) =>
    next.length + word.length > width ? apart(space, word) : [[space, word] as const],
  );
  for (const [space, word] of pieces) {
    const isFirst = line.trim() === "";
    if (!isFirst && line.length + space.length + word.length > width) {
      done.push(`${line}${end}`);
      line = `${next}${word}`;
    } else line += isFirst ? word : `${space}${word}`;
  }
  return [...done, line];
}

/** An option and its value, which are too long for one line. */
function apart(space: string, word: string): Array<readonly [string, string]> {
  const [, option, value] = /^(--\S+) (.*)$/.exec(word) ?? [];
  return option === undefined || value === undefined
    ? [[space, word]]
    : [
        [space, option],
        [" ", value],
      ];
}
