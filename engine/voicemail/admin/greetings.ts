/**
 * Greetings and recorded names of a mailbox without a call: put into use from a sound file, listed, taken out of use,
 * copied to a file. A running engine plays a new one to the next caller.
 */
import { chmod, writeFile } from "node:fs/promises";
import type { GreetingKind } from "../../../policy/call/mailbox-requests.js";
import { boxOwner } from "../../../policy/mailbox/mailbox.js";
import { boxName, parseBox } from "../../../policy/office/box.js";
import { COMMAND_CALL, type Greeting, type StoredGreetingSlot } from "../../../storage/mailbox-access.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { soundIsEnough } from "../mailbox-access.js";
import type { NoRoom, Recordings } from "../recordings.js";
import type { SoundForm } from "../sound-form.js";
import { telephoneMs } from "../telephone-wav.js";
import { type GreetingSound, readGreetingSound } from "./greeting-sound.js";
import { copyNew } from "./sounds.js";

/** Which greeting of which mailbox is meant. */
export interface GreetingName {
  /** `user:NAME` or `group:ID`. */
  readonly box: string;
  readonly kind: GreetingKind;
  /** The form for when every phone that rang was busy; a name has none. */
  readonly busy: boolean;
}

/** There is no such mailbox, or it can have no such greeting. */
export type NoSlot =
  | { readonly outcome: "not_a_mailbox" }
  | { readonly outcome: "no_mailbox"; readonly box: string }
  | { readonly outcome: "name_has_no_busy_form" };

export type GreetingSet =
  | { readonly outcome: "set"; readonly slot: StoredGreetingSlot; readonly lengthMs: number }
  | {
      readonly outcome: "unusable";
      readonly cause: Extract<GreetingSound, { readonly ok: false }>["cause"];
      readonly reason: string;
    }
  | { readonly outcome: "no_room"; readonly folder: string; readonly why: NoRoom["why"] }
  | { readonly outcome: "too_little_sound" };

export interface GreetingWish {
  readonly file: string;
  readonly author: string;
  /** What kind of sound it is, where it comes from a stranger; left out: any program may find out. */
  readonly form?: SoundForm;
}

/** Puts a sound file into use, in the place of the greeting before. */
export function setGreeting(
  deps: Deps,
  recordings: Recordings,
  name: GreetingName,
  { file, author, form }: GreetingWish,
): Promise<GreetingSet | NoSlot | DatabaseFailed> {
  return onSlot<GreetingSet>(deps, name, async (slot) => {
    const read = await readGreetingSound(file, form);
    if (!read.ok) return { outcome: "unusable", cause: read.cause, reason: read.why };
    return keep(deps, recordings, slot, read.sound, author);
  });
}

/** The row comes before the file, so that no file is left behind without one. */
async function keep(
  { store, clock, ids }: Deps,
  recordings: Recordings,
  slot: StoredGreetingSlot,
  sound: Buffer,
  author: string,
): Promise<GreetingSet> {
  const noRoom = await recordings.noRoom(0);
  if (noRoom !== undefined) return { outcome: "no_room", folder: recordings.folder, why: noRoom.why };
  const id = ids.uuid();
  await store.mailboxAccess.openDraft(id, COMMAND_CALL, clock.nowMs());
  await writeFile(recordings.path(id), sound, { flag: "wx" });
  // The switch may run as another user.
  await chmod(recordings.path(id), 0o644);
  const sealed = await recordings.seal(id);
  if (typeof sealed !== "string" && soundIsEnough(slot.kind, sealed.soundMs)) {
    await store.mailboxAccess.keepGreeting(slot, id, author, clock.nowMs());
    return { outcome: "set", slot, lengthMs: telephoneMs(sound) };
  }
  await recordings.remove(id);
  await store.mailboxAccess.forgetDraft(id);
  return { outcome: "too_little_sound" };
}

export interface GreetingList {
  readonly outcome: "listed";
  readonly greetings: readonly Greeting[];
}

/** The greetings that a mailbox has in use. */
export function listGreetings(
  deps: Pick<Deps, "store">,
  box: string,
): Promise<GreetingList | NoSlot | DatabaseFailed> {
  return onBox<GreetingList>(deps, box, async (name) => ({
    outcome: "listed",
    greetings: await deps.store.mailboxAccess.greetings(name),
  }));
}

export interface GreetingRemoved {
  readonly outcome: "removed" | "no_greeting";
  readonly slot: StoredGreetingSlot;
}

/** Takes a greeting out of use. */
export function removeGreeting(
  deps: Deps,
  name: GreetingName,
): Promise<GreetingRemoved | NoSlot | DatabaseFailed> {
  return onSlot<GreetingRemoved>(deps, name, async (slot) => {
    const removed = await deps.store.mailboxAccess.removeGreeting(slot, deps.clock.nowMs());
    return { outcome: removed ? "removed" : "no_greeting", slot };
  });
}

export type GreetingExported =
  | { readonly outcome: "exported" }
  | { readonly outcome: "no_greeting"; readonly slot: StoredGreetingSlot }
  | { readonly outcome: "not_copied"; readonly reason: string };

/** Copies a greeting to a file that does not exist yet. */
export function exportGreeting(
  deps: Pick<Deps, "store">,
  recordings: Recordings,
  name: GreetingName,
  to: string,
): Promise<GreetingExported | NoSlot | DatabaseFailed> {
  return onSlot<GreetingExported>(deps, name, async (slot) => {
    const all = await deps.store.mailboxAccess.greetings(slot.box);
    const found = all.find(({ kind, busy }) => kind === slot.kind && busy === slot.busy);
    if (found === undefined) return { outcome: "no_greeting", slot };
    const copied = await copyNew(recordings.path(found.id), to);
    return copied.ok ? { outcome: "exported" } : { outcome: "not_copied", reason: copied.why };
  });
}

/** Runs the work of a use case on a greeting that the mailbox can have. */
function onSlot<Ended>(
  deps: Pick<Deps, "store">,
  { box, kind, busy }: GreetingName,
  work: (slot: StoredGreetingSlot) => Promise<Ended>,
): Promise<Ended | NoSlot | DatabaseFailed> {
  return onBox<Ended | NoSlot>(deps, box, async (name) =>
    kind === "name" && busy ? { outcome: "name_has_no_busy_form" } : work({ box: name, kind, busy }),
  );
}

/** Runs the work of a use case on a mailbox that the office has. */
async function onBox<Ended>(
  { store }: Pick<Deps, "store">,
  text: string,
  work: (box: string) => Promise<Ended>,
): Promise<Ended | NoSlot | DatabaseFailed> {
  const box = parseBox(text);
  if (box === undefined) return { outcome: "not_a_mailbox" };
  return orDatabaseFailed<Ended | NoSlot>(async () =>
    boxOwner(box, await store.loadTable()) === undefined
      ? { outcome: "no_mailbox", box: boxName(box) }
      : work(boxName(box)),
  );
}
