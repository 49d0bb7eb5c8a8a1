/**
 * Reads a sound file that is to be a greeting, and converts what is not 8 kHz, mono, 16 bit.
 */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GREETING_LIMIT_MS } from "../../../policy/call/bounds.js";
import type { SoundForm } from "../sound-form.js";
import { convertToTelephone } from "../sound-programs.js";
import { telephoneMs, telephoneWav } from "../telephone-wav.js";

/** A file of so many bytes is no greeting: two minutes in CD quality are 21 MB. */
const FILE_BYTES_MAX = 100_000_000;

export type GreetingSound =
  | { readonly ok: true; readonly sound: Buffer }
  | {
      readonly ok: false;
      readonly cause: "missing" | "too_large" | "unreadable" | "too_long";
      /** For operators: it names files and programs of this machine. */
      readonly why: string;
    };

/** @param form of a file from a stranger; left out: an operator has named the file */
export async function readGreetingSound(file: string, form?: SoundForm): Promise<GreetingSound> {
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return { ok: false, cause: "missing", why: `there is no file ${file}` };
  if (size > FILE_BYTES_MAX)
    return { ok: false, cause: "too_large", why: `${file} is too large for a greeting` };
  const asItIs = telephoneWav(await readFile(file));
  const read: GreetingSound =
    asItIs === undefined ? await converted(file, form) : { ok: true, sound: asItIs };
  if (!read.ok || telephoneMs(read.sound) <= GREETING_LIMIT_MS) return read;
  const why = `${file} is longer than ${GREETING_LIMIT_MS / 60_000} minutes`;
  return { ok: false, cause: "too_long", why };
}

async function converted(file: string, form: SoundForm | undefined): Promise<GreetingSound> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-greeting-"));
  try {
    const to = join(folder, "greeting.wav");
    const done = await convertToTelephone(file, to, form);
    if (!done.ok) return { ok: false, cause: "unreadable", why: `${file} cannot be used: ${done.why}` };
    const sound = telephoneWav(await readFile(to));
    return sound === undefined
      ? { ok: false, cause: "unreadable", why: `${file} cannot be used` }
      : { ok: true, sound };
  } finally {
    await rm(folder, { recursive: true });
  }
}
