/** What callers of a mailbox hear. The names are those of `docker/sounds/en.txt`; digits are spoken one by one. */

import type { GreetingKind, RecordedGreeting } from "../../call/mailbox-requests.js";
import type { Turn } from "../../call/turn.js";
import { boxOwner, mailboxSettings } from "../../mailbox/mailbox.js";
import { spokenDigits } from "../../mailbox/spoken.js";
import type { Box } from "../../office/box.js";

export const SOUND_MENU = "vm-save-or-change";
export const MENU_OPERATOR = "vm-press-0";
export const SOUND_SAVED = "vm-saved";
export const SOUND_TOO_SHORT = "vm-too-short";
export const SOUND_URGENT = "vm-urgent";
export const SOUND_NOT_URGENT = "vm-not-urgent";
export const SOUND_REFUSED = { full: "vm-full", unavailable: "vm-unavailable" } as const;

/**
 * The greetings of a mailbox, the best first: the temporary one, the usual one, the office's file, our words around the
 * owner's recorded name, and our words alone, which speak the extension. If all phones that were rung were busy, the busy
 * form of each kind comes before the other form.
 */
export function greetingChoices(
  turn: Turn,
  box: Box,
  recorded: readonly RecordedGreeting[],
): ReadonlyArray<readonly string[]> {
  const { greeting, busyGreeting } = mailboxSettings(box, turn.world.office);
  const busy = turn.state.busy === true;
  const forms = busy ? [true, false] : [false];
  const ofKind = (kind: GreetingKind) =>
    forms.flatMap((form) =>
      recorded.filter((one) => one.kind === kind && one.busy === form).map(({ id }) => `recording:${id}`),
    );
  const files = [...(busy ? [busyGreeting] : []), greeting].filter((file) => file !== undefined);
  return [
    ...[...ofKind("temporary"), ...ofKind("own"), ...files].map((sound) => [sound]),
    ...ofKind("name").map((name) => [name, busy ? "vm-is-busy" : "vm-is-away", ...leaveOne(turn, box)]),
    ours(turn, box, busy),
  ];
}

function ours(turn: Turn, box: Box, busy: boolean): readonly string[] {
  const extension = boxOwner(box, turn.world.office)?.extension;
  const who =
    box.kind === "user" && extension !== undefined
      ? ["vm-person-at", ...spokenDigits(extension), busy ? "vm-is-busy" : "vm-is-away"]
      : [busy ? "vm-all-busy" : "vm-nobody-there"];
  return [...who, ...leaveOne(turn, box)];
}

function leaveOne(turn: Turn, box: Box): readonly string[] {
  const { operator } = mailboxSettings(box, turn.world.office);
  return ["vm-leave-a-message", ...(operator === undefined ? [] : [MENU_OPERATOR])];
}
