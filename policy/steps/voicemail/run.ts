/** A `voicemail` step at run time: a caller leaves a message. */
import type { StepRun } from "../run.js";
import { violations } from "./invariants.js";
import { beginVoicemail, voicemail } from "./leaving.js";
import { savedVoicemail } from "./saved.js";
import type { VoicemailStep } from "./step.js";
import { limitsOf } from "./takes.js";

export const voicemailRun = {
  begin: (turn, step) => beginVoicemail(turn, step.target),
  phases: {
    voicemail: {
      handle: (turn, { leaving }, input) => voicemail(turn, leaving, input),
      violations,
      saved: savedVoicemail,
      poundEndsSounds: true,
      readsKeys: true,
      recording: ({ leaving: { stage, message, box } }, office) =>
        stage === "greeting" || stage === "recording" ? { id: message, ...limitsOf(box, office) } : undefined,
    },
  },
  missedBox: (_turn, step) => step.target,
} satisfies StepRun<VoicemailStep>;
