/** Waits until the program is told to stop. */

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Resolves with the first signal to stop; a second signal, of either kind, ends the process as usual. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      for (const each of SIGNALS) process.removeListener(each, stop);
      resolve(signal);
    };
    for (const each of SIGNALS) process.on(each, stop);
  });
}
