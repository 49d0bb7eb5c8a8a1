/** The flow of a user or a group whose file gives none: ring for a while, then take a message. */

import { RING_DEFAULT_MS } from "../steps/ring/step.js";
import type { Step } from "../steps/types.js";
import type { Box } from "./box.js";

export function defaultUserFlow(username: string): Step[] {
  return defaultFlow({ kind: "user", username }, RING_DEFAULT_MS.person);
}

export function defaultGroupFlow(id: string): Step[] {
  return defaultFlow({ kind: "group", id }, RING_DEFAULT_MS.group);
}

function defaultFlow(target: Box, timeoutMs: number): Step[] {
  return [
    { kind: "ring", target, timeoutMs, skip: false },
    { kind: "voicemail", target: target },
  ];
}
