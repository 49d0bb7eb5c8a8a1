/** Asks a running engine once by its live feed, and hangs up. */
import { type Clock, systemClock } from "../clock.js";
import { FeedClient } from "./client.js";
import { placeBeside } from "./place.js";
import type { Snapshot, Topic } from "./protocol.js";

/** An engine on the same machine answers in a few milliseconds; a page waits no longer. */
const ANSWER_MS = 1_000;

/** @returns what the engine says; undefined: no engine runs on this database, or it does not answer in time */
export function askFeed(
  databasePath: string,
  topics: readonly Topic[],
  clock: Clock = systemClock,
): Promise<Snapshot | undefined> {
  const place = placeBeside(databasePath);
  if (place === undefined) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const done = (snapshot: Snapshot | undefined) => {
      clock.cancel(late);
      client.close();
      resolve(snapshot);
    };
    const client = new FeedClient({
      place,
      topics,
      clock,
      onLine: (line) => {
        if (line.is === "snapshot") done(line.snapshot);
        return true;
      },
      onAway: () => done(undefined),
    });
    const late = clock.after(ANSWER_MS, () => done(undefined));
    client.open();
  });
}
