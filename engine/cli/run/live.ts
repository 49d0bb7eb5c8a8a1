/** Opens the live feed of an engine that `ringline run` starts (`engine/feed`), and says in the log where it is. */
import type { Logger } from "pino";
import { given } from "../../../policy/office/optional.js";
import type { Engine } from "../../engine.js";
import { type FeedPlace, placeBeside, placeText } from "../../feed/place.js";
import { FeedServer } from "../../feed/server.js";
import { systemIds } from "../../ids.js";
import { LIVE_SECRET_VARIABLE } from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";
import type { RunOptions } from "./run-options.js";

/** Undefined: the feed is off, or there is no place for it. */
function placeOf({ live, db }: Pick<RunOptions, "live" | "db">): FeedPlace | undefined {
  return live === "off" ? undefined : (live ?? placeBeside(db));
}

/** What is missing; undefined: nothing is. */
export function lacksSecret(
  options: Pick<RunOptions, "live" | "db">,
  secret: string | undefined,
): string | undefined {
  const place = placeOf(options);
  if (place?.kind !== "tcp" || secret !== undefined) return undefined;
  return `the live feed at ${placeText(place)} needs a secret: set ${LIVE_SECRET_VARIABLE}, or name a file with --live-secret-file`;
}

/**
 * An engine without a feed carries calls all the same: whoever reads must not decide whether it starts. So why the feed
 * cannot be opened is said in the log alone.
 */
export async function openFeed(
  options: RunOptions,
  secret: string | undefined,
  { feed }: Pick<Engine, "feed">,
  log: Logger,
  { clock }: Pick<Terminal, "clock">,
): Promise<FeedServer | undefined> {
  const place = placeOf(options);
  if (place === undefined) return undefined;
  const ofTcp = place.kind === "tcp" ? secret : undefined;
  const server = new FeedServer({
    place,
    join: feed.join,
    clock,
    ids: systemIds,
    log,
    ...given({ secret: ofTcp }),
  });
  const opened = await server.open();
  if (opened.ok) {
    log.info({ live: placeText(place) }, "live feed open");
    return server;
  }
  log.error(
    { live: placeText(place), why: opened.why },
    "the live feed cannot be opened; calls are carried without it",
  );
  return undefined;
}
