/** What a call does at this moment, as one word of the live feed and in words for people. */

import type { CallState, Phase } from "../../policy/call/state.js";
import { boxName } from "../../policy/office/box.js";
import type { CallStateWord } from "./protocol.js";

export function stateWord({ phase }: CallState): CallStateWord {
  switch (phase.kind) {
    case "claiming":
      return "arriving";
    case "ringing":
      return "ringing";
    case "announcing":
      return "announcement";
    case "voicemail":
      return "voicemail";
    case "listening":
      return "mailbox";
    case "connected":
      return "talking";
    case "handed_over":
    case "recalling":
      return "transferring";
    case "ending":
    case "ended":
      return "ending";
  }
}

/** @param rings how many phones ring @param talksTo with whom the caller talks; null: nobody knows */
export function stateText({ phase, transfer }: CallState, rings: number, talksTo: string | null): string {
  switch (phase.kind) {
    case "claiming":
      return "arrives";
    case "ringing":
      if (phase.ring.winner !== null) return "is being connected";
      return `${transfer === null ? "" : "was transferred, "}${rings === 0 ? "waits for a phone" : "rings"}`;
    case "announcing":
      return "hears an announcement";
    case "voicemail":
      return leavingText(phase);
    case "listening":
      return phase.listening.username === null
        ? "is asked who listens to messages"
        : `${phase.listening.username} listens to messages`;
    case "connected":
      return `talks with ${talksTo ?? "somebody"}`;
    case "handed_over":
      return "has transferred the other party";
    case "recalling":
      return "comes back from a transfer";
    case "ending":
    case "ended":
      return "ends";
  }
}

function leavingText({ leaving }: Extract<Phase, { readonly kind: "voicemail" }>): string {
  const box = boxName(leaving.box);
  switch (leaving.stage) {
    case "opening":
    case "greeting":
      return `hears the greeting of ${box}`;
    case "refusing":
      return `hears that ${box} takes no message`;
    case "recording":
    case "stopping":
    case "measuring":
      return `leaves a message for ${box}`;
    default:
      return `is at the mailbox of ${box}`;
  }
}
