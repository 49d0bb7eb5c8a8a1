/**
 * Looks at the sound files that an office names. The switch finds them below its folder of sounds; operators keep them
 * beside the office's files and copy them there. So a file counts as there if it is in either place.
 */
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { given } from "../../../policy/office/optional.js";
import type { NamedSound, SoundFact } from "../../../policy/office-file/checks/sounds.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { SOUND_HEAD_BYTES, soundFact } from "./sound-header.js";

/** The folders in which an office's sounds may be, when none is named: those of its files, and the switch's own. */
export async function foldersOfSounds(
  paths: readonly string[],
  ofSwitch: string,
): Promise<readonly string[]> {
  const beside = await Promise.all(
    paths.map(async (path) => ((await isFolder(path)) ? path : dirname(path))),
  );
  return [...new Set([...beside, ofSwitch])];
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What each file is, once however often it is named. */
export async function soundFacts(
  named: readonly NamedSound[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, SoundFact>> {
  const facts = new Map<string, SoundFact>();
  for (const { file } of named) if (!facts.has(file)) facts.set(file, await factOf(file, folders));
  return facts;
}

async function factOf(file: string, folders: readonly string[]): Promise<SoundFact> {
  for (const folder of folders) {
    const fact = await readHead(join(folder, file));
    if (fact !== undefined) return fact;
  }
  return { kind: "missing", ...given({ near: await nearest(file, folders) }) };
}

/** Undefined: there is no such file. */
async function readHead(path: string): Promise<SoundFact | undefined> {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  try {
    if (await isFolder(path)) return { kind: "no_sound", why: "it is a folder" };
    handle = await open(path, "r");
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, SOUND_HEAD_BYTES)), 0);
    return soundFact(buffer.subarray(0, bytesRead), size);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { kind: "no_sound", why: `it cannot be read here (${code ?? "unknown"})` };
  } finally {
    await handle?.close();
  }
}

/** The file of a like name in the same folder. */
async function nearest(file: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const names = await readdir(join(folder, dirname(file))).catch(() => []);
    const near = suggest(
      basename(file),
      names.filter((name) => name.endsWith(".wav")),
    );
    if (near !== undefined) return join(dirname(file), near);
  }
  return undefined;
}
