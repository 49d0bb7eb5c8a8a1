/**
 * Forwards a message to other mailboxes without a call. The copy's file is made as a draft, which a running engine sweeps if
 * this process dies, and becomes a message in one transaction.
 */
import {
  boxOwner,
  mailboxSettings,
  mailedMembers,
  recipients,
  roomIn,
  silenceLevelOf,
} from "../../../policy/mailbox/mailbox.js";
import { type Box, boxName } from "../../../policy/office/box.js";
import { COMMAND_CALL } from "../../../storage/mailbox-access.js";
import type { Message } from "../../../storage/voicemail.js";
import type { DatabaseFailed, Deps } from "../../use-case.js";
import type { Recordings } from "../recordings.js";
import { type MessageReader, type NoMessageForThem, onReadMessage } from "./reader.js";

export interface ForwardWish {
  readonly to: readonly Box[];
  /** Whether mails about messages are sent; without a mail server they would pile up. */
  readonly mails: boolean;
}

/** What became of the copy for one mailbox. `gone`: the message has no sound any more. */
export interface Forwarded {
  readonly to: string;
  readonly outcome: "forwarded" | "no_mailbox" | "full" | "gone" | "no_room";
}

export interface MessageForwarded {
  readonly outcome: "forwarded";
  readonly message: Message;
  readonly copies: readonly Forwarded[];
}

export function forwardMessage(
  deps: Deps,
  recordings: Recordings,
  reader: MessageReader,
  id: string,
  { to, mails }: ForwardWish,
): Promise<MessageForwarded | NoMessageForThem | DatabaseFailed> {
  return onReadMessage<MessageForwarded>(deps, reader, id, async ({ message }) => {
    const copies: Forwarded[] = [];
    for (const box of to) {
      const outcome = await forwardTo(deps, recordings, reader, { message, box, mails });
      copies.push({ to: boxName(box), outcome });
    }
    return { outcome: "forwarded", message, copies };
  });
}

interface Copying {
  readonly message: Message;
  readonly box: Box;
  readonly mails: boolean;
}

async function forwardTo(
  { store, clock, ids }: Deps,
  recordings: Recordings,
  { username, table }: MessageReader,
  { message, box, mails }: Copying,
): Promise<Forwarded["outcome"]> {
  if (boxOwner(box, table) === undefined) return "no_mailbox";
  if (roomIn(box, await store.voicemail.count(boxName(box)), table) === "none") return "full";
  if (!(await recordings.isPlayable(message.id))) return "gone";
  if ((await recordings.noRoom(message.bytes)) !== undefined) return "no_room";
  const id = ids.uuid();
  await store.mailboxAccess.openDraft(id, COMMAND_CALL, clock.nowMs());
  const isMade = await recordings.join(null, message.id, id);
  const settings = mailboxSettings(box, table);
  const sound = isMade ? await recordings.seal(id, silenceLevelOf(settings)) : "missing";
  const { callerNumber, callerName, called, urgent } = message;
  const isKept =
    typeof sound !== "string" &&
    (await store.voicemail.deliverDraft(
      {
        ...{ id, box: boxName(box), callerNumber, callerName, called },
        // No call has recorded it.
        ...{ call: id, beganMs: clock.nowMs(), forwardedBy: username, revision: table.revision },
      },
      {
        ...{ box: boxName(box), deliveredMs: clock.nowMs(), urgent },
        ...{ lengthMs: sound.lengthMs, bytes: sound.bytes, sha256: sound.sha256 },
        recipients: recipients(box, table),
        mails: mails && settings.email !== "none" ? mailedMembers(box, table) : [],
      },
    ));
  if (isKept) return "forwarded";
  await recordings.remove(id);
  await store.mailboxAccess.forgetDraft(id);
  return "gone";
}
