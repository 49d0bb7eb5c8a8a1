/** Reads edits from a text, YAML or JSON, and tells the line of each edit, and of each fault. */
import { readEdits } from "../../../policy/change/edits/schema.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import type { OfficeProblem } from "./read.js";
import { type Position, parseYamlSource } from "./yaml-source.js";

/** Edits without problems, or problems without edits. */
export interface EditsFile {
  readonly edits: readonly Edit[];
  readonly problems: readonly OfficeProblem[];
  /** Where an edit begins; its place in the list, from 0. */
  positionOf(edit: number): Position;
}

/** @param name of the file, for the problems */
export function readEditsFile(name: string, text: string): EditsFile {
  const source = parseYamlSource(text);
  const positionOf = (edit: number) => source.position([edit], "value");
  if (source.problems.length > 0) {
    const problems = source.problems.map(({ position, others: _others, ...problem }): OfficeProblem => {
      return { severity: "error", file: name, ...position, ...problem };
    });
    return { edits: [], problems, positionOf };
  }
  const { edits, problems } = readEdits(source.content);
  return {
    edits,
    problems: problems.map(({ at, severity, code, message, found, expected, suggestion }): OfficeProblem => {
      const position = source.position(at.path, at.part);
      return { severity, code, message, file: name, ...position, ...given({ found, expected, suggestion }) };
    }),
    positionOf,
  };
}
