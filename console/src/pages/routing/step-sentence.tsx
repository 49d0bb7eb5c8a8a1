/** One step in a sentence, in the language of the page. */
import type { ReactNode } from "react";
import { isWhole, useTargetName } from "../../parts/target.js";
import { isWord, type Speech, useSpeech } from "../../words/words.js";
import type { StepFile } from "./steps.js";

export function StepSentence({ of }: { readonly of: StepFile }): ReactNode {
  const speech = useSpeech();
  const target = targetOf(of);
  const name = useTargetName(target);
  return <>{sentenceOf(speech, of, isWhole(target) ? name : "…")}</>;
}

function targetOf(step: StepFile): string | null {
  if ("ring" in step) return step.ring;
  if ("voicemail" in step) return step.voicemail;
  if ("send" in step) return step.send;
  if ("schedule" in step) return step.closed;
  return null;
}

function sentenceOf({ say, count }: Speech, step: StepFile, name: string): string {
  if ("ring" in step) return ringSentence({ say, count }, step, name);
  if ("announce" in step) return say("step.announce", { sound: announcementText(say, step.announce) });
  if ("voicemail" in step) return say("step.voicemail", { name });
  if ("send" in step) return say("step.send", { name });
  if ("schedule" in step)
    return say("step.schedule", { schedule: step.schedule === "" ? "…" : step.schedule, name });
  return say(`step.hangup.${step.hangup}`);
}

function ringSentence(
  { say, count }: Pick<Speech, "say" | "count">,
  { timeout, accept }: Extract<StepFile, { readonly ring: unknown }>,
  name: string,
): string {
  const rung =
    typeof timeout === "number"
      ? count("step.ring", timeout, { name })
      : say(timeout === "none" ? "step.ring_none" : "step.ring_usual", { name });
  return accept === "always" ? say("step.ring_press_1", { rung }) : rung;
}

/** A built-in announcement by what it says, a file by its path. */
function announcementText(say: Speech["say"], sound: string): string {
  const word = `announcement.${sound}`;
  return isWord(word) ? say("announcement.quoted", { text: say(word) }) : sound;
}
