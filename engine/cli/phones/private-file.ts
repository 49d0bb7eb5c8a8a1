/**
 * Files with passwords or secret addresses: only their owner may read them, and none that exists is overwritten. A file
 * is made before what it is for, so that nothing is made that could not be written.
 */
import { type FileHandle, open, rm } from "node:fs/promises";

export interface PrivateFile {
  readonly ok: true;
  /** Writes all of it, and closes it. */
  write(text: string): Promise<void>;
  /** Takes the empty file away again. */
  remove(): Promise<void>;
}

export async function reservePrivately(
  path: string,
): Promise<PrivateFile | { readonly ok: false; readonly why: string }> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST") return { ok: false, why: "the file exists already, and is not overwritten" };
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
  return {
    ok: true,
    write: async (text) => {
      await file.writeFile(text);
      await file.close();
    },
    remove: async () => {
      await file.close();
      await rm(path);
    },
  };
}
