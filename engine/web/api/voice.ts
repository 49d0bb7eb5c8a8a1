/** What the API's handlers of calls and messages work with: where recordings are, what is known of mails, the live feed. */
import type { Clock } from "../../clock.js";
import type { Recordings } from "../../voicemail/recordings.js";
import type { TryDeps } from "../../webhooks/try.js";
import type { LiveHub } from "../live/hub.js";
import { Heard } from "./heard.js";

export interface Voice {
  /** Null: nobody has said where recordings are, so messages cannot be heard. */
  readonly recordings: Recordings | null;
  /** Whether mails about messages are sent. */
  readonly mailsMessages: boolean;
  readonly heard: Heard;
  /** Null: nobody has said where the engine's live feed is. */
  readonly hub: LiveHub | null;
  /** With what webhooks are tried; null: they cannot be. */
  readonly webhooks: Pick<TryDeps, "clock" | "readSecret" | "resolve"> | null;
}

/** Without recordings; whoever knows more puts it in their place. */
export function plainVoice(clock: Pick<Clock, "nowMs">): Voice {
  return { recordings: null, mailsMessages: false, heard: new Heard(clock), hub: null, webhooks: null };
}
