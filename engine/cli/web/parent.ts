/** The engine that has started this web server, if one has. */

/** Resolves when the engine is gone, however it went; never, where nobody has started this process by a channel. */
export function parentGone(): Promise<"parent gone"> {
  return new Promise((resolve) => {
    if (process.channel === undefined) return;
    process.once("disconnect", () => resolve("parent gone"));
  });
}
