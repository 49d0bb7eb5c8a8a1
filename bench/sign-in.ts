/**
 * Whether signing in tells by its time which names exist: names of all kinds, each with a wrong password, in turns. The hash of a
 * password takes nearly all of the time, so a name for which none is made would be several times as quick.
 */
import { parseArgs } from "node:util";
import { stopwatchMs } from "../engine/clock.js";
import { signIn, withAccounts } from "../fixtures/web/accounts.js";
import { browser } from "../fixtures/web/browser.js";
import { webWorld } from "../fixtures/web/world.js";
import type { Bench } from "./bench.js";
import { numberIn } from "./calls/arguments.js";
import { median, percentile, rounded } from "./figures.js";

const MINUTE_MS = 60_000;

const NAMES: Readonly<Record<string, string>> = {
  "an account": "carol.diaz",
  "its e-mail address": "carol@example.com",
  "a user without an account": "dave.kim1",
  "a suspended user": "frank.lee",
  "no user": "nobody",
  "no address": "nobody@example.com",
};

/** `--turns` of each name (41). */
export const signInTimes: Bench = async (args) => {
  const { values } = parseArgs({
    args: [...args],
    options: { turns: { type: "string", default: "41" } },
  });
  const world = await webWorld();
  const times = new Map(Object.keys(NAMES).map((kind) => [kind, [] as number[]]));
  try {
    await withAccounts(world, "carol.diaz", "frank.lee");
    // The first request of all reads the office.
    await signIn(browser(world), "erin.hall", "wrong horse 9");
    for (let turn = 0; turn < numberIn(values.turns); turn += 1)
      for (const [kind, name] of Object.entries(NAMES)) {
        // Guesses are slowed; after a while the next one is free.
        world.pass(20 * MINUTE_MS);
        const fromMs = stopwatchMs();
        await signIn(browser(world), name, "wrong horse 9");
        times.get(kind)?.push(stopwatchMs() - fromMs);
      }
  } finally {
    await world.close();
  }
  const rows = [...times].map(([kind, all]) => [
    kind,
    median(all).toFixed(1),
    percentile(all, 0.99).toFixed(1),
    String(all.length),
  ]);
  const medians = [...times.values()].map((all) => median(all));
  const spread = rounded(Math.max(...medians) / Math.min(...medians), 2);
  return {
    parts: [{ heads: ["signing in with", "median ms", "p99", "times"], rows }],
    json: { bench: "signin", spread, times: Object.fromEntries(times) },
  };
};
