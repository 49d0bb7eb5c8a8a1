/**
 * Finds the files of an office. Each path given is a file or a folder; a folder stands for every `.yaml` and `.yml`
 * file in it and below it, in a fixed order. Hidden files and operators' routing tests (`*.test.yaml`) are not part of
 * the office.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** How deep folders may nest: a deeper tree is a mistake, such as a link to its own parent. */
const FOLDER_DEPTH_MAX = 16;

/** A folder with more files is no office: probably the wrong folder was named. */
const FILES_MAX = 10_000;

/** An office of 100,000 users in one file has 25 MB; the limit bounds what a hostile file can cost. */
export const FILE_MAX_BYTES = 32 * 1024 * 1024;
/** For all files together. */
const OFFICE_MAX_BYTES = 64 * 1024 * 1024;

/** A file's text, or why there is none. */
export interface OfficeText {
  /** The name in messages: the path that was given, or the path of a file found in a folder. */
  readonly name: string;
  readonly text: string;
  readonly failure?: {
    readonly code: "file_unreadable" | "file_too_big" | "no_files";
    readonly reason: string;
  };
}

/** Reads every file of the paths given. A failure is in the list, at the place of its file. */
export async function readOfficeTexts(paths: readonly string[]): Promise<OfficeText[]> {
  const texts: OfficeText[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const path of paths) {
    for (const found of await findFiles(path)) {
      if (typeof found !== "string") texts.push(found);
      else if (!seen.has(found)) {
        seen.add(found);
        const text = await readOfficeFile(found);
        bytes += text.text.length;
        if (bytes > OFFICE_MAX_BYTES) {
          return [
            ...texts,
            failure(
              found,
              "file_too_big",
              `with this file the office has more than ${OFFICE_MAX_BYTES} bytes`,
            ),
          ];
        }
        texts.push(text);
      }
    }
  }
  return texts;
}

async function findFiles(path: string): Promise<(string | OfficeText)[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const files: string[] = [];
    await collect(path, FOLDER_DEPTH_MAX, files);
    if (files.length > FILES_MAX) return [failure(path, "file_too_big", `more than ${FILES_MAX} files`)];
    return files.length > 0 ? files : [failure(path, "no_files", "the folder has no .yaml file")];
  } catch (error) {
    return [failure(path, "file_unreadable", reason(error))];
  }
}

async function collect(folder: string, depth: number, files: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".") || files.length > FILES_MAX) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth > 0) await collect(path, depth - 1, files);
    } else if (/(?<!\.test)\.ya?ml$/.test(entry.name)) {
      files.push(path);
    }
  }
}

/** The text of one file, or why there is none. */
export async function readOfficeFile(path: string): Promise<OfficeText> {
  try {
    const { size } = await stat(path);
    if (size > FILE_MAX_BYTES) return tooBig(path);
    return decodeText(path, await readFile(path));
  } catch (error) {
    return failure(path, "file_unreadable", reason(error));
  }
}

/** The text of bytes that were read already. */
export function decodeText(name: string, bytes: Uint8Array): OfficeText {
  if (bytes.length > FILE_MAX_BYTES) return tooBig(name);
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return failure(name, "file_unreadable", reason(error));
  }
}

function tooBig(name: string): OfficeText {
  return failure(name, "file_too_big", `more than ${FILE_MAX_BYTES} bytes`);
}

function failure(
  name: string,
  code: "file_unreadable" | "file_too_big" | "no_files",
  why: string,
): OfficeText {
  return { name, text: "", failure: { code, reason: why } };
}

/** Why reading failed, in words without the path, which the message names already. */
function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "EISDIR") return "it is a folder";
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return "it is not UTF-8 text";
  return error instanceof Error ? error.message : String(error);
}
