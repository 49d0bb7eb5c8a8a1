/**
 * Which events follow from what happens to a call. An event's id is made of the call and of the place of the happening
 * in it (ends of legs do not count, since a record corrects them), so that the same happening is the same event, whoever reads it and however often.
 */
import type { EmergencySettings, User } from "../office/office.js";
import type { Happening, RecordEnding, WhatOf } from "../record/happening.js";
import type { CallRecord, RecordLeg, Result } from "../record/record.js";
import { EVENT_VERSION, type EventOf, type WebhookEvent } from "./shape.js";

/** What events say of the office, as it is when they are made. */
export interface EventOffice {
  readonly name: string;
  readonly emergency?: EmergencySettings;
  /** The number that outside phones are always shown, if the office says so. */
  readonly shownNumber?: string;
  user(username: string): User | undefined;
}

/**
 * The events of a call that its record did not have yet, in their order.
 * @param before the record when its events were told last; undefined: none was told
 */
export function eventsOf(
  record: CallRecord,
  before: CallRecord | undefined,
  office: EventOffice,
): WebhookEvent[] {
  const placed = placedOf(record);
  const from = before === undefined ? 0 : placedOf(before).length;
  return placed.slice(from).flatMap((happening, offset) => {
    const made = new Made(record, placed.slice(0, from + offset), happening, office);
    return made.events();
  });
}

/** The end of a leg that was only guessed is replaced by the true one, which comes later; all others stay where they are. */
function placedOf({ happenings }: CallRecord): Happening[] {
  return happenings.filter(({ what }) => what.kind !== "leg_ended");
}

/** A call as events say it. */
function callOf(record: CallRecord): EventOf<"call.started">["call"] {
  const { id, direction, isWithheld, user, device, called, carrier, partOf, sipCallId, beganMs } = record;
  return {
    id,
    direction,
    from: isWithheld || record.from === "" ? null : record.from,
    name: isWithheld || record.name === "" ? null : record.name,
    isWithheld,
    user,
    device: deviceOf(device),
    called,
    carrier,
    partOf,
    sipCallId,
    beganMs,
  };
}

/** The events of one happening. */
class Made {
  constructor(
    private readonly record: CallRecord,
    private readonly earlier: readonly Happening[],
    private readonly happening: Happening,
    private readonly office: EventOffice,
  ) {}

  events(): WebhookEvent[] {
    const { what } = this.happening;
    switch (what.kind) {
      case "began":
        return [{ ...this.#head("call.started"), call: callOf(this.record) }];
      case "leg_rings":
        return this.#ringing(what.leg);
      case "connected":
        return [
          {
            ...this.#head("call.answered"),
            call: callOf(this.record),
            answered: { who: what.who, device: deviceOf(what.device), waitMs: this.#sinceBegin() },
          },
        ];
      case "emergency":
        return [
          {
            ...this.#head("emergency.call"),
            call: callOf(this.record),
            emergency: emergencyOf(what, this.record, this.office),
          },
        ];
      case "ended":
        return [...this.#before(what.ending), this.#ended(what)];
      default:
        return [];
    }
  }

  #head<K extends WebhookEvent["event"]>(event: K) {
    const { call, atMs } = this.happening;
    const version: typeof EVENT_VERSION = EVENT_VERSION;
    return { version, id: `${call}.${this.earlier.length}.${event}`, event, atMs, office: this.office.name };
  }

  /** One event a person: further phones of theirs say nothing new. */
  #ringing(leg: string): WebhookEvent[] {
    const rings = this.#leg(leg);
    if (rings === undefined) return [];
    const isKnown = this.earlier.some(
      ({ what }) => what.kind === "leg_rings" && this.#leg(what.leg)?.who === rings.who,
    );
    if (isKnown) return [];
    return [
      {
        ...this.#head("call.ringing"),
        call: callOf(this.record),
        ringing: { who: rings.who, device: deviceOf(rings.device), group: rings.group },
      },
    ];
  }

  /** What the ending means, besides that the call is over. */
  #before(ending: RecordEnding): WebhookEvent[] {
    if (ending.kind === "message")
      return [{ ...this.#head("message.left"), call: callOf(this.record), message: { mailbox: ending.box } }];
    // As the record and `call.ended` say, whoever hung up. Of a call that nobody saw end it is not known.
    if (ending.kind === "lost" || resultOf(ending, this.record.result) !== "missed") return [];
    const rang = this.record.legs.flatMap(({ who, ringsMs }) => (ringsMs === null ? [] : [who]));
    return [
      {
        ...this.#head("call.missed"),
        call: callOf(this.record),
        missed: { waitMs: this.#sinceBegin(), rang: [...new Set(rang)] },
      },
    ];
  }

  #ended({ ending, side, cause, isSeen }: WhatOf<"ended">): WebhookEvent {
    const { answeredBy, messageIn, firstRingMs, connectedMs } = this.record;
    return {
      ...this.#head("call.ended"),
      call: callOf(this.record),
      ended: {
        result: resultOf(ending, this.record.result),
        ...{ side, cause, answeredBy, mailbox: messageIn, firstRingMs, connectedMs, isSeen },
        endedMs: this.happening.atMs,
      },
    };
  }

  #sinceBegin(): number {
    return Math.max(0, this.happening.atMs - this.record.beganMs);
  }

  #leg(id: string): RecordLeg | undefined {
    return this.record.legs.find(({ leg }) => leg === id);
  }
}

/** A call that was believed lost and lives on has no result yet. */
function resultOf(ending: RecordEnding, result: Result): EventOf<"call.ended">["ended"]["result"] {
  if (result !== "live") return result;
  return ending.kind === "answered" ? "answered" : "failed";
}

/** Who called for help, from where, and where they can be called back. */
function emergencyOf(
  { number, isTest, user: username, device }: WhatOf<"emergency">,
  record: CallRecord,
  office: EventOffice,
): EventOf<"emergency.call">["emergency"] {
  const user = username === null ? undefined : office.user(username);
  const phone = user?.devices.find(({ id }) => id === device);
  const shown = record.legs.find(({ shows }) => shows !== null)?.shows;
  return {
    number,
    isTest,
    user: username,
    userName: user?.name ?? null,
    extension: user?.extension ?? null,
    device: deviceOf(device),
    location: phone?.location ?? user?.location ?? null,
    callBack: office.emergency?.callBack ?? shown ?? user?.outboundNumber ?? office.shownNumber ?? null,
  };
}

/** An alarm about calls outside, which belongs to no single call. */
export interface Alarm {
  readonly kind: EventOf<"fraud.alarm">["alarm"]["kind"];
  /** A username; null: the whole office. */
  readonly payer: string | null;
  readonly atMs: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** @param id the alarm's own, the same whenever it is read */
export function alarmEvent(id: string, { kind, payer, atMs, figures }: Alarm, office: string): WebhookEvent {
  return {
    version: EVENT_VERSION,
    id: `alarm.${id}`,
    event: "fraud.alarm",
    atMs,
    office,
    alarm: { kind, payer, figures: { ...figures } },
  };
}

function deviceOf(device: string | null): string | null {
  return device === "" ? null : device;
}
