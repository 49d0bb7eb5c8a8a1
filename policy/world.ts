/**
 * What the core may look at while it decides, beside its own state: the office as it was when the call
 * began, where phones are registered now, and what the office remembers. Read-only, and answered at once.
 */
import type { CallerIdMode, Carrier, Device, E164, Group, NumberEntry, User } from "./office.js";
import type { Step, Target } from "./steps/step.js";

/** One revision of the office, ready for look-ups. */
export interface OfficeView {
  readonly revision: number;
  readonly outsideCallerId: CallerIdMode;
  readonly carriers: readonly Carrier[];
  /** However the number is written. */
  lookupNumber(dialled: string): NumberEntry | undefined;
  /** The E.164 form of a number as people or carriers write it here. */
  normalise(dialled: string): E164 | undefined;
  lookupExtension(extension: string): Extract<Target, { kind: "user" | "group" }> | undefined;
  user(username: string): User | undefined;
  group(id: string): Group | undefined;
  flow(id: string): readonly Step[] | undefined;
  deviceBySip(sipName: string): { readonly user: User; readonly device: Device } | undefined;
}

/** One registration of a SIP device: what the switch dials to reach it. */
export interface Contact {
  /** `sofia/<profile>/sip:…`, exactly as the switch wants it. */
  readonly url: string;
}

/** What outlives calls: whom a rotating group rang first last time, and when each user last answered. */
export interface Memory {
  rungFirst(groupId: string): string | undefined;
  /** Milliseconds since the epoch; undefined: never. */
  answeredMs(username: string): number | undefined;
}

export interface World {
  readonly office: OfficeView;
  contactsOf(sipName: string): readonly Contact[];
  readonly memory: Memory;
}
