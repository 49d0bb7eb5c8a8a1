/** What calls have left on a switch: channels, and claims in its hash. */
import { until } from "../../fixtures/harness/clock.js";
import type { LocalSwitch } from "../local-switch.js";

export interface LeftOver {
  readonly channels: number;
  readonly claims: number;
}

/** What is there now. */
async function leftOver({ socket }: LocalSwitch): Promise<LeftOver> {
  const channels = (await socket.api("show channels count")) ?? "";
  // Lines as D/REALM_KEY/VALUE (hash_dump_function in mod_hash.c).
  const hash = (await socket.api("hash_dump db")) ?? "";
  const count = /(\d+) total/.exec(channels)?.[1];
  if (count === undefined) throw new Error(`the switch does not say how many channels it has: ${channels}`);
  return { channels: Number(count), claims: (hash.match(/^D\/ringline-claim_/gm) ?? []).length };
}

/** What is left once there are no channels and no more claims than `claims`, or after `withinMs`. */
export async function leftOverWithin(
  theSwitch: LocalSwitch,
  withinMs: number,
  claims = 0,
): Promise<LeftOver> {
  let left = await leftOver(theSwitch);
  await until(async () => {
    left = await leftOver(theSwitch);
    return left.channels === 0 && left.claims <= claims;
  }, withinMs);
  return left;
}
