/** The text of a file that a command is given, or of its standard input. */
import { decodeText, FILE_MAX_BYTES, readOfficeFile } from "../../office/files/texts.js";
import type { Terminal } from "./terminal.js";

/** Stands for standard input. */
const STANDARD_INPUT = "-";

export type InputRead =
  | { readonly ok: true; readonly name: string; readonly text: string }
  | { readonly ok: false; readonly why: string };

export async function readInput(terminal: Terminal, path: string): Promise<InputRead> {
  const { name, text, failure } =
    path === STANDARD_INPUT
      ? decodeText("standard input", await terminal.readInput(FILE_MAX_BYTES))
      : await readOfficeFile(path);
  return failure === undefined ? { ok: true, name, text } : { ok: false, why: `${name}: ${failure.reason}` };
}
