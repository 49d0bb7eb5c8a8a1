/** What a call can be found by, and counted under: the names that stand in an index. */
import type { CallRecord } from "./record.js";

/** A name of a kind, such as the group `sales`. */
export interface Mark {
  readonly kind: string;
  readonly name: string;
}

/** A target such as `group:sales` as a mark. */
export function markOf(target: string): Mark {
  const colon = target.indexOf(":");
  return colon < 0
    ? { kind: target, name: "" }
    : { kind: target.slice(0, colon), name: target.slice(colon + 1) };
}

/**
 * Each mark of a call once; first what it was about, then the rest.
 * @returns `abouts`: how many of them are what it was about
 */
export function marksOf(record: CallRecord): { readonly marks: readonly Mark[]; readonly abouts: number } {
  const targets = record.about.map((target) => [target, markOf(target)] as const);
  const about = new Map(targets.filter(([, { name }]) => name !== ""));
  const all = new Map(about);
  const add = (kind: string, name: string | null) => {
    if (name !== null && name !== "") all.set(`${kind}:${name}`, { kind, name });
  };
  add("from", record.from);
  add("called", record.called);
  add("user", record.user);
  add("carrier", record.carrier);
  for (const leg of record.legs) {
    if (leg.device !== "") add("user", leg.who);
    add("carrier", leg.carrier);
  }
  add("direction", record.direction);
  // Calls in progress have an index of their own.
  if (record.endedMs !== null) add("result", record.result);
  if (record.isEmergency) all.set("emergency:", { kind: "emergency", name: "" });
  return { marks: [...all.values()], abouts: about.size };
}
