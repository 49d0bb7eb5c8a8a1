/**
 * The sound of a message without a call: heard on this machine, or copied to a file.
 */
import { constants } from "node:fs";
import { copyFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "../../../storage/voicemail.js";
import type { DatabaseFailed, Deps } from "../../use-case.js";
import type { NoSound, Recordings } from "../recordings.js";
import { encodeOpus, playSound, type SoundDone } from "../sound-programs.js";
import { type NoMessage, onMessage } from "./messages.js";

/** The file of a message cannot be heard. */
export interface SoundMissing {
  readonly outcome: "no_sound";
  readonly message: Message;
  readonly why: NoSound;
  readonly path: string;
}

/** `intact`: the sound is as it was recorded. */
export type MessagePlayed =
  | { readonly outcome: "played"; readonly message: Message; readonly intact: boolean }
  | {
      readonly outcome: "not_played";
      readonly message: Message;
      readonly intact: boolean;
      readonly reason: string;
    }
  | { readonly outcome: "not_theirs"; readonly message: Message }
  | SoundMissing;

/**
 * Plays a message on this machine.
 * @param username whose new message it is until it was played
 */
export function playMessage(
  deps: Deps,
  recordings: Recordings,
  idStart: string,
  username: string | undefined,
): Promise<MessagePlayed | NoMessage | DatabaseFailed> {
  return onMessage<MessagePlayed>(deps, idStart, async (message) => {
    const view = message.members.find((member) => member.username === username);
    if (username !== undefined && view === undefined) return { outcome: "not_theirs", message };
    const sound = await soundOf(message, recordings);
    if (!("intact" in sound)) return sound;
    const { intact, path } = sound;
    const played = await playSound(path);
    if (!played.ok) return { outcome: "not_played", message, intact, reason: played.why };
    // A saved or deleted message stays so.
    if (view?.state === "new")
      await deps.store.voicemail.mark(message.id, view.username, "heard", deps.clock.nowMs());
    return { outcome: "played", message, intact };
  });
}

/** `wav` is the sound as it was recorded; `opus` is an eighth of its size. */
export type SoundFormat = "wav" | "opus";

export type SoundExported =
  | {
      readonly outcome: "exported";
      readonly message: Message;
      readonly intact: boolean;
      readonly file: string;
    }
  | { readonly outcome: "not_copied"; readonly reason: string }
  | SoundMissing;

/** Copies a message's sound. @param to a file that does not exist yet, or a folder */
export function exportSound(
  deps: Pick<Deps, "store">,
  recordings: Recordings,
  idStart: string,
  { to, format }: { readonly to: string; readonly format: SoundFormat },
): Promise<SoundExported | NoMessage | DatabaseFailed> {
  return onMessage<SoundExported>(deps, idStart, async (message) => {
    const sound = await soundOf(message, recordings);
    if (!("intact" in sound)) return sound;
    const file = await fileAt(to, `${message.id}.${format}`);
    const copied = await (format === "wav" ? copyNew(sound.path, file) : encodeNew(sound.path, file));
    if (!copied.ok) return { outcome: "not_copied", reason: copied.why };
    return { outcome: "exported", message, intact: sound.intact, file };
  });
}

async function soundOf(
  message: Message,
  recordings: Recordings,
): Promise<{ readonly path: string; readonly intact: boolean } | SoundMissing> {
  const path = recordings.path(message.id);
  const sound = await recordings.measure(message.id);
  return typeof sound === "string"
    ? { outcome: "no_sound", message, why: sound, path }
    : { path, intact: sound.sha256 === message.sha256 };
}

/** A folder gets the file under this name. */
async function fileAt(to: string, name: string): Promise<string> {
  const isFolder = await stat(to).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? join(to, name) : to;
}

/** Copies to a file that does not exist yet. */
export function copyNew(from: string, to: string): Promise<SoundDone> {
  return copyFile(from, to, constants.COPYFILE_EXCL).then(
    () => ({ ok: true }),
    (error: unknown) => ({ ok: false, why: error instanceof Error ? error.message : String(error) }),
  );
}

/** Encoders write over what is there, so they write elsewhere first. */
async function encodeNew(from: string, to: string): Promise<SoundDone> {
  const folder = await mkdtemp(join(tmpdir(), "ringline-opus-"));
  try {
    const encoded = await encodeOpus(from, join(folder, "message.opus"));
    return encoded.ok ? await copyNew(join(folder, "message.opus"), to) : encoded;
  } finally {
    await rm(folder, { recursive: true });
  }
}
