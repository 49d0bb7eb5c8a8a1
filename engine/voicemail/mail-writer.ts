/**
 * Writes the mail of an outbox row from what the database and the newest office say at that moment: a mail may have
 * waited for days, and meanwhile its message may be deleted, and its member have another address or none.
 */
import {
  boxOwner,
  type MailedMember,
  mailboxSettings,
  mailedMembers,
  roomIn,
} from "../../policy/mailbox/mailbox.js";
import { parseBox } from "../../policy/office/box.js";
import { given } from "../../policy/office/optional.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { OutboxMail, OutboxStore } from "../../storage/outbox.js";
import type { MessageStore } from "../../storage/voicemail.js";
import { emergencyMail, messageMail, missedCallMail } from "./mail.js";
import type { RecordingFolder } from "./recordings.js";
import type { Envelope } from "./smtp.js";

export interface MailWriterDeps {
  readonly store: MessageStore;
  readonly outbox: OutboxStore;
  /** Left out: messages have no sound here. */
  readonly recordings?: RecordingFolder;
  readonly table: () => RoutingTable;
}

/**
 * - `gone`: there is nothing to write about: the message was deleted, for all or by this member.
 * - `nobody`: the office, as it is now, sends this member no such mail. That may be a slip, and taken back.
 */
export type Written =
  | { readonly outcome: "written"; readonly envelope: Envelope }
  | { readonly outcome: "gone" }
  | { readonly outcome: "nobody" };

type Content = Omit<Envelope, "to" | "messageId">;

interface Subject {
  readonly box: string;
  /** Whether a mailbox wants such mails. */
  readonly wanted: (settings: ReturnType<typeof mailboxSettings>) => boolean;
  readonly content: () => Promise<Content> | Content;
}

/** The same on every attempt, so that a server that gets the mail twice can tell. */
function messageIdOf({ about, id }: OutboxMail): string {
  return `<${about.id}.${id}@ringline>`;
}

export class MailWriter {
  readonly #deps: MailWriterDeps;

  constructor(deps: MailWriterDeps) {
    this.#deps = deps;
  }

  async write(mail: OutboxMail): Promise<Written> {
    if (mail.about.kind === "emergency") return this.#emergency(mail);
    const subject = await (mail.about.kind === "message" ? this.#message(mail) : this.#call(mail.about.id));
    if (subject === undefined) return { outcome: "gone" };
    const to = this.#addressee(mail.username, subject);
    if (to === undefined) return { outcome: "nobody" };
    return {
      outcome: "written",
      envelope: {
        to: to.address,
        messageId: messageIdOf(mail),
        ...(await subject.content()),
      },
    };
  }

  /** Goes to whom the office named when the call was placed, whoever is named now. */
  async #emergency(mail: OutboxMail): Promise<Written> {
    const call = await this.#deps.outbox.emergencyCall(mail.about.id);
    if (call === undefined) return { outcome: "gone" };
    const table = this.#deps.table();
    // A user's address may have been mended since.
    const to = table.user(mail.username)?.email ?? mail.address;
    const content = emergencyMail(call, table.settings.timezone);
    return {
      outcome: "written",
      envelope: { to, messageId: messageIdOf(mail), ...content, attachment: null },
    };
  }

  /** The member with the present address. */
  #addressee(username: string, { box: name, wanted }: Subject): MailedMember | undefined {
    const table = this.#deps.table();
    const box = parseBox(name);
    if (box === undefined || !wanted(mailboxSettings(box, table))) return undefined;
    return mailedMembers(box, table).find((member) => member.username === username);
  }

  async #message({
    about: { id },
    username,
    withoutSound = false,
  }: OutboxMail): Promise<Subject | undefined> {
    const { store, recordings } = this.#deps;
    const message = await store.delivered(id);
    const view = message?.members.find((member) => member.username === username);
    if (message === undefined || view?.state === "deleted") return undefined;
    const { box } = message;
    return {
      box,
      wanted: ({ email }) => email !== "none",
      content: async () => {
        const { room, email, ...facts } = await this.#messageFacts(box);
        const path =
          email === "attached" && !withoutSound && (await recordings?.isPlayable(id)) === true
            ? recordings?.path(id)
            : undefined;
        const attached = path !== undefined;
        const refusedWithSound = given({ refusedWithSound: withoutSound ? true : undefined });
        return {
          ...messageMail(message, { ...facts, attached, room, ...refusedWithSound }),
          attachment: path === undefined ? null : { filename: `${id.slice(0, 8)}.wav`, path },
        };
      },
    };
  }

  async #call(id: string): Promise<Subject | undefined> {
    const call = await this.#deps.outbox.missedCall(id);
    if (call === undefined) return undefined;
    const rang = call.rang.map((who) => this.#deps.table().user(who)?.name ?? who);
    return {
      box: call.box,
      wanted: ({ missedCalls }) => missedCalls,
      content: () => ({ ...missedCallMail(call, this.#facts(call.box), rang), attachment: null }),
    };
  }

  async #messageFacts(name: string) {
    const { store, table } = this.#deps;
    const box = parseBox(name);
    const count = await store.count(name);
    return {
      ...this.#facts(name),
      room: box === undefined ? "enough" : roomIn(box, count, table()),
      email: box === undefined ? "none" : mailboxSettings(box, table()).email,
    } as const;
  }

  #facts(boxText: string): { readonly timezone: string; readonly boxName: string } {
    const table = this.#deps.table();
    const box = parseBox(boxText);
    return {
      timezone: table.settings.timezone,
      boxName: (box && boxOwner(box, table)?.name) ?? boxText,
    };
  }
}
