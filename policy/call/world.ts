/**
 * What the core may look at while it decides, beside its own state: the office as it was when the call
 * began, where phones are registered now, and what the office remembers. Read-only, and answered at once.
 */
import type { RoutingTable } from "../routing/table.js";

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
  /** The office as it was when the call began. */
  readonly office: RoutingTable;
  contactsOf(sipName: string): readonly Contact[];
  readonly memory: Memory;
}
