/**
 * Carries out the mailbox requests of calls that listen to messages (`policy/call/mailbox-requests.ts`), with the
 * database and the folder of recordings. A request that fails is answered as failed and the log says why: a caller
 * never hears that something was done when it was not.
 */
import type { Logger } from "pino";
import { LISTENED_MAX } from "../../policy/call/bounds.js";
import type {
  Answer,
  BoxCount,
  GreetingKind,
  GreetingSlot,
  HeardMessage,
  SessionAsk,
} from "../../policy/call/mailbox-requests.js";
import { boxOwner, isMember, roomIn, seesMessage } from "../../policy/mailbox/mailbox.js";
import { numbersOf, weakPin } from "../../policy/mailbox/pin.js";
import { type Box, boxName, parseBox } from "../../policy/office/box.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import { COMMAND_CALL, type MailboxAccessStore } from "../../storage/mailbox-access.js";
import type { Message, MessageStore, NewMessage } from "../../storage/voicemail.js";
import type { Clock } from "../clock.js";
import type { IdSource } from "../ids.js";
import { hashPin, isPin } from "./pin-hash.js";
import type { RecordingFolder } from "./recordings.js";
import { RETENTION_MS } from "./retention.js";
import type { Asker } from "./voicemail-port.js";

/** Who asks: drafts belong to a call, and a PIN is counted once for a question. */
export type SessionAsker = Pick<Asker, "callId" | "askId" | "revision">;

export interface MailboxAccessDeps {
  readonly messages: MessageStore;
  readonly store: MailboxAccessStore;
  readonly recordings: RecordingFolder;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly table: () => RoutingTable;
  /** Delivers a copy when its file is made; see `Mailroom.forward`. */
  readonly forward: (message: NewMessage, urgent: boolean, make: () => Promise<boolean>) => Promise<boolean>;
  /** The state of a message has changed for a member. */
  readonly onChange: () => void;
}

/** The shortest greeting and the shortest name, by their sound. */
const GREETING_MIN_MS = 1_000;
const NAME_MIN_MS = 300;

/** A command uses its draft at once; an older draft was left behind by a command that broke off. */
const COMMAND_DRAFT_MS = 60_000;

/** Whether there is enough sound for a greeting or a name. */
export function soundIsEnough(kind: GreetingKind, soundMs: number): boolean {
  return soundMs >= (kind === "name" ? NAME_MIN_MS : GREETING_MIN_MS);
}

export class MailboxAccess {
  readonly #deps: MailboxAccessDeps;
  /** PINs are checked one after the other: each keeps a thread busy for a tenth of a second. */
  #lastPin: Promise<unknown> = Promise.resolve();

  constructor(deps: MailboxAccessDeps) {
    this.#deps = deps;
  }

  /** @param asker the call that asks; its drafts end with it */
  ask(ask: SessionAsk, asker: SessionAsker, done: (answer: Answer) => void): void {
    this.#withNamesOfNow(ask, asker)
      .then((now) => this.#answer(now, asker))
      .then(done, (error: unknown) => {
        this.#deps.log.error(
          { err: error, call: asker.callId, asked: ask.kind },
          "a listener cannot be answered",
        );
        done({ kind: "failed" });
      });
  }

  /** The call may know a mailbox by a name of an earlier revision. */
  async #withNamesOfNow(ask: SessionAsk, { revision }: SessionAsker): Promise<SessionAsk> {
    switch (ask.kind) {
      case "list":
      case "greetings":
        return { ...ask, box: await this.#boxNow(ask.box, revision) };
      case "keep_greeting":
      case "remove_greeting":
        return { ...ask, slot: { ...ask.slot, box: await this.#boxNow(ask.slot.box, revision) } };
      case "forward":
        return { ...ask, to: await this.#boxNow(ask.to, revision) };
      default:
        return ask;
    }
  }

  async #boxNow(box: Box, revision: number): Promise<Box> {
    if (boxOwner(box, this.#deps.table()) !== undefined) return box;
    return parseBox(await this.#deps.messages.boxSince(boxName(box), revision)) ?? box;
  }

  #answer(ask: SessionAsk, { callId, askId }: SessionAsker): Promise<Answer> {
    switch (ask.kind) {
      case "boxes":
        return this.#boxes(ask.username);
      case "list":
        return this.#list(ask);
      case "look":
        return this.#look(ask.message, ask.username, callId);
      case "mark":
        return this.#mark(ask);
      case "claim":
        return this.#claim(ask);
      case "check_pin":
        return this.#oneByOne(() => this.#checkPin(ask.username, ask.pin, callId, askId));
      case "set_pin":
        return this.#oneByOne(() => this.#setPin(ask.username, ask.pin, callId));
      case "open_draft":
        return this.#openDraft(ask.draft, callId);
      case "drop_draft":
        return this.#dropDraft(ask.draft);
      case "keep_greeting":
        return this.#keepGreeting(ask);
      case "greetings":
        return this.#greetings(ask.box);
      case "remove_greeting":
        return this.#removeGreeting(ask.slot);
      case "forward":
        return this.#forward(ask);
    }
  }

  /** The user's own mailbox first, then the others with messages for them that they are still a member of. */
  async #boxes(username: string): Promise<Answer> {
    const table = this.#deps.table();
    const own: Box = { kind: "user", username };
    const boxes = new Map<string, BoxCount>([[boxName(own), { box: own, fresh: 0, old: 0 }]]);
    for (const count of await this.#deps.messages.counts(username)) {
      const box = parseBox(count.box);
      if (box === undefined || !isMember(box, username, table)) continue;
      if (!seesMessage(box, username, count.received, table)) continue;
      const before = boxes.get(count.box) ?? { box, fresh: 0, old: 0 };
      boxes.set(count.box, {
        box,
        fresh: before.fresh + count.fresh + count.freshUrgent,
        old: before.old + count.old + count.oldUrgent,
      });
    }
    return {
      kind: "boxes",
      boxes: await Promise.all([...boxes.values()].map((count) => this.#withRoom(count))),
    };
  }

  async #withRoom(count: BoxCount): Promise<BoxCount> {
    const { messages, table } = this.#deps;
    const room = roomIn(count.box, await messages.count(boxName(count.box)), table());
    return room === "enough" ? count : { ...count, room };
  }

  async #list({ box, username, list }: Extract<SessionAsk, { kind: "list" }>): Promise<Answer> {
    const unreceived = seesMessage(box, username, false, this.#deps.table());
    const messages = await this.#deps.messages.listFor(
      boxName(box),
      username,
      list,
      unreceived,
      LISTENED_MAX,
    );
    return { kind: "listed", messages };
  }

  async #look(id: string, username: string, call: string): Promise<Answer> {
    const message = await this.#deps.messages.delivered(id);
    const state = message && this.#stateFor(message, username);
    if (message === undefined || state === undefined) return { kind: "looked", message: null };
    const playable = await this.#deps.recordings.isPlayable(id);
    if (!playable)
      this.#deps.log.error(
        { call, message: id, file: this.#deps.recordings.path(id) },
        "a message cannot be played: its file is missing, empty or damaged",
      );
    const { callerNumber, beganMs, lengthMs, urgent, claimedBy, forwardedBy } = message;
    return {
      kind: "looked",
      message: { id, callerNumber, beganMs, lengthMs, urgent, state, claimedBy, forwardedBy, playable },
    };
  }

  /** The message's state for a member; undefined: the message is not theirs. */
  #stateFor(message: Message, username: string): HeardMessage["state"] | undefined {
    const box = parseBox(message.box);
    const view = message.members.find((member) => member.username === username);
    if (box === undefined || view === undefined) return undefined;
    return seesMessage(box, username, view.received, this.#deps.table()) ? view.state : undefined;
  }

  async #mark({ message, username, state }: Extract<SessionAsk, { kind: "mark" }>): Promise<Answer> {
    const { messages, clock, onChange } = this.#deps;
    const done = await messages.mark(message, username, state, clock.nowMs());
    if (!done) return { kind: "refused", why: "gone" };
    onChange();
    return { kind: "done" };
  }

  /** Claims a message for calling back, or gives the claim back. Only the member who has the claim can give it back. */
  async #claim({ message, username, give }: Extract<SessionAsk, { kind: "claim" }>): Promise<Answer> {
    const { messages, clock } = this.#deps;
    const held = (await messages.delivered(message))?.claimedBy ?? null;
    if (give && held !== username) return { kind: "claimed", done: held === null, by: held };
    const { done, by } = await messages.claimMessage(message, give ? null : username, clock.nowMs());
    return { kind: "claimed", done, by };
  }

  #oneByOne(work: () => Promise<Answer>): Promise<Answer> {
    const result = this.#lastPin.then(work);
    this.#lastPin = result.catch(() => undefined);
    return result;
  }

  async #checkPin(username: string, pin: string, call: string, askId: string): Promise<Answer> {
    const { store, clock, log } = this.#deps;
    const attempt = await store.tryPin(username, `${call} ${askId}`, clock.nowMs());
    if (attempt.kind !== "check") return { kind: "pin", verdict: attempt.kind };
    if (await isPin(pin, attempt.hash)) {
      await store.pinRight(username);
      return { kind: "pin", verdict: "right" };
    }
    if (attempt.locksMs !== null)
      log.warn(
        { call, username, minutes: attempt.locksMs / 60_000 },
        "too many wrong PINs: the PIN is locked for a while",
      );
    return { kind: "pin", verdict: "wrong" };
  }

  async #setPin(username: string, pin: string, call: string): Promise<Answer> {
    const { store, clock, ids, log, table } = this.#deps;
    if (weakPin(pin, numbersOf(username, table())) !== undefined) return { kind: "refused", why: "weak" };
    await store.setPin(username, await hashPin(pin, ids.uuid()), clock.nowMs());
    log.info({ call, username }, "a PIN was set by phone");
    return { kind: "done" };
  }

  async #openDraft(draft: string, callId: string): Promise<Answer> {
    const { store, recordings, clock, log } = this.#deps;
    const noRoom = await recordings.noRoom(0);
    if (noRoom !== undefined) {
      log.error(
        { call: callId, folder: recordings.folder, ...noRoom },
        "no greeting can be recorded: no room",
      );
      return { kind: "failed" };
    }
    await store.openDraft(draft, callId, clock.nowMs());
    return { kind: "done" };
  }

  async #dropDraft(draft: string): Promise<Answer> {
    const { store, recordings } = this.#deps;
    // In use by now: no draft any more, so its file stays.
    if (!(await store.isDraft(draft))) return { kind: "done" };
    await recordings.remove(draft);
    await store.forgetDraft(draft);
    return { kind: "done" };
  }

  async #keepGreeting({
    slot,
    draft,
    username,
  }: Extract<SessionAsk, { kind: "keep_greeting" }>): Promise<Answer> {
    const { store, recordings, clock } = this.#deps;
    const sound = await recordings.seal(draft);
    if (typeof sound === "string" || !soundIsEnough(slot.kind, sound.soundMs))
      return { kind: "refused", why: "too_short" };
    await store.keepGreeting(slotOf(slot), draft, username, clock.nowMs());
    return { kind: "done" };
  }

  async #greetings(box: Box): Promise<Answer> {
    return { kind: "greetings", greetings: await this.#deps.store.greetings(boxName(box)) };
  }

  async #removeGreeting(slot: GreetingSlot): Promise<Answer> {
    await this.#deps.store.removeGreeting(slotOf(slot), this.#deps.clock.nowMs());
    return { kind: "done" };
  }

  async #forward(ask: Extract<SessionAsk, { kind: "forward" }>): Promise<Answer> {
    const { messages, recordings, table, clock } = this.#deps;
    if ((await messages.stateOf(ask.as)) === "delivered") return { kind: "done" };
    const message = await messages.delivered(ask.message);
    if (message === undefined || !(await recordings.isPlayable(ask.message)))
      return { kind: "refused", why: "gone" };
    if (ask.intro !== null && !(await this.#isHeard(ask.intro))) return { kind: "refused", why: "too_short" };
    const box = boxName(ask.to);
    if (boxOwner(ask.to, table()) === undefined) return { kind: "refused", why: "gone" };
    if (roomIn(ask.to, await messages.count(box), table()) === "none")
      return { kind: "refused", why: "full" };
    const { callerNumber, callerName, called } = message;
    const copy: NewMessage = {
      id: ask.as,
      box,
      // No call records a copy. With this id no call is alive, so recovery may deliver or drop the row.
      call: ask.as,
      callerNumber,
      callerName,
      called,
      beganMs: clock.nowMs(),
      forwardedBy: ask.username,
    };
    const make = () => recordings.join(ask.intro, ask.message, ask.as);
    const kept = await this.#deps.forward(copy, message.urgent, make);
    return kept ? { kind: "done" } : { kind: "refused", why: "gone" };
  }

  async #isHeard(draft: string): Promise<boolean> {
    const sound = await this.#deps.recordings.seal(draft);
    return typeof sound !== "string" && sound.soundMs >= NAME_MIN_MS;
  }

  /**
   * Removes drafts whose call is over and greetings out of use, but for those that a rollback may bring back. The file goes first, then the row: after a crash in
   * between, the row is found again.
   * @param isAlive whether the call is still in progress
   */
  async sweep(isAlive: (call: string) => Promise<boolean>): Promise<void> {
    const { store, recordings, clock } = this.#deps;
    const isInUse = (call: string, beganMs: number) =>
      call === COMMAND_CALL ? clock.nowMs() - beganMs < COMMAND_DRAFT_MS : isAlive(call);
    for (const { id, call, beganMs } of await store.drafts())
      if (!(await isInUse(call, beganMs))) await this.#dropDraft(id);
    const beforeMs = clock.nowMs() - RETENTION_MS;
    for (const id of await store.removedGreetings(beforeMs)) {
      await recordings.remove(id);
      await store.forgetGreeting(id);
    }
    await store.forgetKeptPins(beforeMs);
  }
}

function slotOf({ box, ...slot }: GreetingSlot) {
  return { ...slot, box: boxName(box) };
}
