/** The engine that has started this web server, if one has. */
import type { Clock, TimerHandle } from "../../clock.js";

/** Resolves when the engine is gone, however it went; never, where nobody has started this process by a channel. */
export function parentGone(): Promise<"parent gone"> {
  return new Promise((resolve) => {
    if (process.channel === undefined) return;
    process.once("disconnect", () => resolve("parent gone"));
  });
}

/** A good deal more often than the engine's patience ends. */
const ALIVE_MS = 2_000;

/** Tells the engine again and again that this process does not hang. @returns ends it */
export function sayAlive(clock: Clock): () => void {
  let timer: TimerHandle | undefined;
  const say = (): void => {
    if (process.send === undefined || !process.connected) return;
    // An engine that is gone cannot be told; `parentGone` knows of it.
    process.send("alive", undefined, undefined, () => undefined);
    timer = clock.after(ALIVE_MS, say);
  };
  say();
  return () => {
    if (timer !== undefined) clock.cancel(timer);
  };
}
