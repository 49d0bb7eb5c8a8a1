/** What the API's handlers of messages work with: where the switch writes recordings, and what is known of mails. */
import type { Clock } from "../../clock.js";
import type { Recordings } from "../../voicemail/recordings.js";
import { Heard } from "./heard.js";

export interface Voice {
  /** Null: nobody has said where recordings are, so messages cannot be heard. */
  readonly recordings: Recordings | null;
  /** Whether mails about messages are sent. */
  readonly mailsMessages: boolean;
  readonly heard: Heard;
}

/** Without recordings; whoever knows more puts it in their place. */
export function plainVoice(clock: Pick<Clock, "nowMs">): Voice {
  return { recordings: null, mailsMessages: false, heard: new Heard(clock) };
}
