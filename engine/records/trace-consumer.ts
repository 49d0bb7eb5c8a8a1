/** Sends calls that are over as traces, from the recorder's thread, where the environment says where traces go. */
import { hasEnded } from "../../storage/records/change.js";
import type { MakeConsumer } from "./consumer.js";
import { openTraces, tracesUrl } from "./traces.js";

export const makeTraces: MakeConsumer = ({ env, clock, log, redactNumbers = false }) => {
  if (tracesUrl(env) === undefined) return {};
  const opened = openTraces({ env, clock, log, isRedacted: redactNumbers }).catch((error: unknown) => {
    log.error({ err: error }, "calls are not sent as traces: the libraries cannot be used");
    return undefined;
  });
  return {
    committed: (changes) => {
      const ended = changes.filter(hasEnded);
      if (ended.length === 0) return;
      void opened.then((traces) => {
        for (const { after } of ended) traces?.exportTrace(after);
      });
    },
    close: async () => (await opened)?.close(),
  };
};
