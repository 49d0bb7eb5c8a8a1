/** What callers of a mailbox hear. The names are those of `docker/sounds/en.txt`; digits are spoken one by one. */
import { type Box, boxOwner, mailboxSettings } from "../mailbox.js";
import type { Turn } from "./turn.js";

export const SOUND_BEEP = "beep";
export const SOUND_GOODBYE = "goodbye";
export const SOUND_MENU = "vm-save-or-change";
export const MENU_OPERATOR = "vm-press-0";
export const SOUND_SAVED = "vm-saved";
export const SOUND_TOO_SHORT = "vm-too-short";
export const SOUND_URGENT = "vm-urgent";
export const SOUND_NOT_URGENT = "vm-not-urgent";
export const SOUND_REFUSED = { full: "vm-full", unavailable: "vm-unavailable" } as const;

/** In the place of an own greeting whose file is not there: the next best is spoken. */
export const GREETING_MISSING = "missing";

/**
 * The greeting of a mailbox: what its owner has recorded, the office's file, or ours, which speaks the
 * extension. While all lines are busy there may be another one.
 * @param own a recording of the owner's, by id, or null; {@link GREETING_MISSING}: no file but ours
 */
export function greetingSounds(turn: Turn, box: Box, own: string | null): readonly string[] {
  const { greeting, busyGreeting } = mailboxSettings(box, turn.world.office);
  const busy = turn.state.busy === true;
  if (own === GREETING_MISSING) return ours(turn, box, busy);
  if (own !== null) return [`recording:${own}`];
  const file = (busy ? busyGreeting : undefined) ?? greeting;
  return file === undefined ? ours(turn, box, busy) : [file];
}

function ours(turn: Turn, box: Box, busy: boolean): readonly string[] {
  const extension = boxOwner(box, turn.world.office)?.extension;
  const { operator } = mailboxSettings(box, turn.world.office);
  const who =
    box.kind === "user" && extension !== undefined
      ? ["vm-person-at", ...spoken(extension), busy ? "vm-is-busy" : "vm-is-away"]
      : [busy ? "vm-all-busy" : "vm-nobody-there"];
  return [...who, "vm-leave-a-message", ...(operator === undefined ? [] : [MENU_OPERATOR])];
}

function spoken(number: string): string[] {
  return [...number].filter((c) => c >= "0" && c <= "9").map((digit) => `digit-${digit}`);
}
