/** What the live feed reads of the engine, whose parts it asks only while somebody reads. */
import type { RoutingTable } from "../../policy/routing/table.js";
import type { OverloadFigures } from "../calls/overload.js";
import type { CarrierFigures } from "../carriers/status-memory.js";
import type { Contact } from "../switch/registrations.js";
import type { SeenCall } from "./call-view.js";

export interface FeedSource {
  readonly calls: () => Iterable<SeenCall>;
  readonly call: (id: string) => SeenCall | undefined;
  readonly registered: () => Iterable<readonly [sipName: string, contacts: readonly Contact[]]>;
  readonly contactsOf: (sipName: string) => readonly Contact[];
  readonly table: () => RoutingTable;
  readonly carriers: () => readonly CarrierFigures[];
  readonly overload: () => OverloadFigures;
  readonly isReady: () => boolean;
}
