/** The `voicemail` step, as the core runs it. */
import type { Box } from "../../office/box.js";

/** Takes a message: greeting, tone, recording. Never comes back, but for a caller who presses 0 and is sent on. */
export interface VoicemailStep {
  readonly kind: "voicemail";
  readonly target: Box;
}

declare module "../types.js" {
  interface StepKinds {
    voicemail: VoicemailStep;
  }
}
