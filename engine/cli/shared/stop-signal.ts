/** Waits for somebody to stop the program. */

/** Resolves with the first signal to stop; a second one ends the process as usual. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    process.once("SIGINT", resolve);
  });
}
