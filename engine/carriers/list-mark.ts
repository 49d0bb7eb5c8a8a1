/**
 * Whether the switch has the list of addresses that it should have. The list cannot be asked for, and a switch that reads
 * it while no engine answers has an empty one, which shuts out every carrier (switch_core.c, switch_load_network_lists).
 * So an engine that finds the right list leaves it alone. A variable of the switch says which list it has read last. It is
 * taken back before the switch is told to read: if the engine dies meanwhile, the next one tells the switch again.
 */
import { createHash } from "node:crypto";
import * as commands from "../switch/commands.js";
import type { SwitchLink } from "../switch/wire.js";

/** The name of the list (acl.conf.xml). */
const LIST = "carriers";
const VARIABLE = "ringline_carriers_list";
const NONE = "none";

type Link = Pick<SwitchLink, "send">;

/** Tells one list from another. */
export function markOfList(xml: string): string {
  return createHash("sha256").update(xml).digest("hex").slice(0, 32);
}

/**
 * @param probe an address that the right list lets in; undefined: it lets in none
 * @param done the mark of the list that the switch has; null: of none, or nobody knows
 */
export function readListMark(
  link: Link,
  probe: string | undefined,
  done: (mark: string | null) => void,
): void {
  link.send(commands.globalVariable(VARIABLE), ({ outcome, text }) => {
    const mark = outcome === "ok" && /^[0-9a-f]{32}$/.test(text) ? text : null;
    if (mark === null || probe === undefined) done(mark);
    // The switch may have read the list since, for somebody else, and got no answer.
    else
      link.send(commands.addressInList(probe, LIST), (reply) =>
        done(reply.outcome === "ok" && reply.text.trim() === "true" ? mark : null),
      );
  });
}

/** @param mark null: the switch may be about to read another list */
export function writeListMark(link: Link, mark: string | null, done: (isWritten: boolean) => void): void {
  link.send(commands.setGlobalVariable(VARIABLE, mark ?? NONE), ({ outcome }) => done(outcome === "ok"));
}
