/**
 * What the feed says as the text that viewers are sent. Hundreds of viewers are told the same, so each thing is written once
 * for all of them: what differs is which of the things somebody sees, and the number of the event.
 */

import type { FeedView } from "../../feed/reading.js";
import { isoTime } from "../api/time.js";
import { callEvent, carrierEvent, figuresEvent, groupEvent, phoneEvent } from "./event-forms.js";
import { type Sight, seesCall, seesFigures, seesGroup, seesPhone } from "./sight.js";

/** An event without its number; `json` is an object that has at least one field. */
export interface Encoded {
  readonly event: string;
  readonly json: string;
}

/** A snapshot, and what somebody who has it knows of. */
export interface EncodedSnapshot extends Encoded {
  readonly calls: readonly string[];
  readonly phones: readonly string[];
}

const FORMS = {
  call: callEvent,
  phone: phoneEvent,
  group: groupEvent,
  carrier: carrierEvent,
  figures: figuresEvent,
};
type Forms = { readonly [Kind in keyof typeof FORMS]: Parameters<(typeof FORMS)[Kind]>[0] };

/** By the objects of the feed, which are never changed: another state is another object. */
const texts = new WeakMap<object, string>();
const events = new WeakMap<object, Encoded>();

function textOf<Kind extends keyof Forms>(kind: Kind, thing: Forms[Kind]): string {
  const known = texts.get(thing);
  if (known !== undefined) return known;
  const form = FORMS[kind] as (thing: Forms[Kind]) => object;
  const made = JSON.stringify(form(thing));
  texts.set(thing, made);
  return made;
}

/** `{"call":{…}}`: that something is so now. */
export function encoded<Kind extends keyof Forms>(kind: Kind, thing: Forms[Kind]): Encoded {
  return once(thing, () => ({ event: kind, json: `{"${kind}":${textOf(kind, thing)}}` }));
}

/** The same text for all who are told of one object. */
export function once(thing: object, make: () => Encoded): Encoded {
  const known = events.get(thing);
  if (known !== undefined) return known;
  const made = make();
  events.set(thing, made);
  return made;
}

/** Snapshots of a view, each written once for all who see the same until something changes. */
export class Snapshots {
  readonly #view: FeedView;
  readonly #made = new Map<string, EncodedSnapshot>();

  constructor(view: FeedView) {
    this.#view = view;
  }

  /** Something is not as it was. */
  changed(): void {
    this.#made.clear();
  }

  of(sight: Sight): EncodedSnapshot {
    // Whoever sees everything sees the same, whatever their name.
    const { username, groups, carriers } = sight;
    const key = groups === null ? `all ${carriers}` : JSON.stringify([username, [...groups], carriers]);
    const made = this.#made.get(key) ?? this.#write(sight);
    this.#made.set(key, made);
    return made;
  }

  #write(sight: Sight): EncodedSnapshot {
    const { head, figures, ...view } = this.#view;
    const calls = [...view.calls.values()].filter((call) => seesCall(sight, call));
    const phones = [...view.phones.values()].filter((phone) => seesPhone(sight, phone));
    const groups = [...view.groups.values()].filter((group) => seesGroup(sight, group));
    const about = JSON.stringify({
      at: isoTime(head?.atMs ?? 0),
      engine: { id: head?.engine.id ?? "", started_at: isoTime(head?.engine.startedMs ?? 0) },
      timezone: head?.office.timezone ?? "UTC",
      scope: sight.groups === null ? "all" : "groups",
    });
    const parts = [
      about.slice(1, -1),
      `"calls":${list("call", calls)}`,
      `"phones":${list("phone", phones)}`,
      `"groups":${list("group", groups)}`,
      `"carriers":${sight.carriers ? list("carrier", [...view.carriers.values()]) : "null"}`,
      `"figures":${figures !== null && seesFigures(sight) ? textOf("figures", figures) : "null"}`,
    ];
    return {
      event: "snapshot",
      json: `{${parts.join(",")}}`,
      calls: calls.map(({ id }) => id),
      phones: phones.map(({ sip }) => sip),
    };
  }
}

function list<Kind extends keyof Forms>(kind: Kind, things: readonly Forms[Kind][]): string {
  return `[${things.map((thing) => textOf(kind, thing)).join(",")}]`;
}
