/**
 * Asks a running engine for what only it knows, over the port at which the switch asks it: commands reach the engine with
 * the same address and secret as the switch does, so there is no further port to secure.
 */
import type { Clock } from "../clock.js";
import { DIRECTORY_USER } from "../look-up-server.js";

/** A running engine answers at once. */
const ENGINE_MS = 2_000;

export interface EngineAt {
  /** `host:port` of the engine's directory. */
  readonly address: string;
  readonly secret: string;
  readonly clock: Pick<Clock, "after" | "cancel">;
}

/** What the engine says at this path. Null: no engine answers there, or what answers is none. */
export async function askEngine({ address, secret, clock }: EngineAt, path: string): Promise<unknown> {
  const stop = new AbortController();
  const timer = clock.after(ENGINE_MS, () => stop.abort());
  try {
    const token = Buffer.from(`${DIRECTORY_USER}:${secret}`).toString("base64");
    const response = await fetch(`http://${address}${path}`, {
      headers: { Authorization: `Basic ${token}` },
      signal: stop.signal,
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  } finally {
    clock.cancel(timer);
  }
}
