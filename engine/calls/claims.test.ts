/** Which claims the sweep removes, and which it keeps. */
import { describe, expect, it } from "vitest";
import type { Reply, SwitchLink, WireCommand } from "../switch/wire.js";
import { sweepClaims } from "./claims.js";

const DEAD = "11111111-2222-4333-8444-000000000001";
const LIVE = "11111111-2222-4333-8444-000000000002";
const OURS = "11111111-2222-4333-8444-000000000003";
const ENGINE = "99999999-2222-4333-8444-555555555555";

function swept(list: Reply): string[] {
  const deleted: string[] = [];
  const answer = (line: string): Reply => {
    if (line.startsWith("hash_dump")) return list;
    if (line.startsWith("uuid_exists"))
      return { outcome: "ok", text: line.endsWith(LIVE) ? "true" : "false" };
    deleted.push(line);
    return { outcome: "ok", text: "+OK" };
  };
  const send = (command: WireCommand, done: (reply: Reply) => void) =>
    done(answer(command.verb === "api" ? command.line : ""));
  const link: SwitchLink = { send, open: () => {}, close: async () => {} };
  sweepClaims(link, (call) => call === OURS);
  return deleted;
}

describe("claims on the switch", () => {
  it("are removed where the caller's channel is gone, and only there", () => {
    const text = [
      `D/ringline-claim_${DEAD}/fallback`,
      `D/ringline-claim_${LIVE}/${ENGINE}`,
      `D/ringline-claim_${OURS}/${ENGINE}`,
      `D/other_${DEAD}/x`,
      `D/ringline-claim_not a uuid/${ENGINE}`,
      "",
    ].join("\n");
    expect(swept({ outcome: "ok", text })).toEqual([`hash delete_ifmatch/ringline-claim/${DEAD}/fallback`]);
  });

  it.each(["refused", "unknown"] as const)("are left alone when the list is %s", (outcome) => {
    expect(swept({ outcome, text: `D/ringline-claim_${DEAD}/x` })).toEqual([]);
  });
});
