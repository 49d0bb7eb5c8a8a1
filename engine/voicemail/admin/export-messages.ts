/** Copies messages out of the recordings: the sound of each, and beside it a file with what is known of it. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "../../../storage/store.js";
import type { Recordings } from "../recordings.js";

export type Exported = { readonly ok: true } | { readonly ok: false; readonly why: string };

/**
 * Copies messages to a folder, as `ID.wav` and `ID.json`; the folder is made. A copy that an earlier try left there is
 * kept when it is the same sound. `ok` means that all were copied: each copy is compared with what was recorded.
 */
export async function exportMessages(
  store: Store,
  recordings: Recordings,
  ids: readonly string[],
  folder: string,
): Promise<Exported> {
  try {
    await mkdir(folder, { recursive: true });
    for (const id of ids) {
      const [message] = await store.voicemail.find(id);
      if (message === undefined)
        return { ok: false, why: "a caller is leaving a message there: try again in a moment" };
      const to = join(folder, `${id}.wav`);
      await copyFile(recordings.path(id), to, constants.COPYFILE_EXCL).catch(ignoreThere);
      if ((await sha256(to)) !== message.sha256)
        return { ok: false, why: `${to} is not as message ${id} was recorded; nothing was removed` };
      await writeFile(join(folder, `${id}.json`), `${JSON.stringify(message, null, 2)}\n`);
    }
    return { ok: true };
  } catch (error) {
    return {
      ok: false,
      why: `messages cannot be exported: ${error instanceof Error ? error.message : error}`,
    };
  }
}

function ignoreThere(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
}

async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
