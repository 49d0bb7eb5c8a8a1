/**
 * The sweep of claims. A call that ended while no engine was connected leaves its claim on the switch, until the switch
 * is restarted. Such a claim has no channel any more, so it is removed, whichever engine made it.
 */
import * as commands from "../switch/commands.js";
import { isPlainName, isUuid } from "../switch/safe-text.js";
import type { Sender } from "./resync.js";
import { CLAIM_REALM } from "./switch-contract.js";

interface Claim {
  readonly call: string;
  readonly by: string;
}

/** Releases the claims of calls that are over. Calls for which `isOwned` is true release theirs themselves. */
export function sweepClaims(link: Sender, isOwned: (call: string) => boolean): void {
  link.send(commands.hashList(CLAIM_REALM), (listed) => {
    if (listed.outcome !== "ok") return;
    for (const claim of readClaims(listed.text)) if (!isOwned(claim.call)) releaseIfOver(link, claim);
  });
}

function releaseIfOver(link: Sender, { call, by }: Claim): void {
  link.send(commands.exists(call), (reply) => {
    if (reply.outcome === "ok" && reply.text.trim() === "false")
      link.send(commands.hashDeleteIfMatch(CLAIM_REALM, call, by), () => {});
  });
}

/** Lines of `D/<realm>_<key>/<value>` (mod_hash.c, hash_dump_function). */
function readClaims(text: string): Claim[] {
  const claims: Claim[] = [];
  for (const line of text.split("\n")) {
    const [kind, key = "", by = ""] = line.split("/");
    const call = key.slice(CLAIM_REALM.length + 1);
    if (kind === "D" && key.startsWith(`${CLAIM_REALM}_`) && isUuid(call) && isPlainName(by))
      claims.push({ call, by });
  }
  return claims;
}
