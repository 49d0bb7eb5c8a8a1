/** How the switch is told whether the audio of a leg is encrypted (switch_core_session_parse_crypto_prefs). */
import type { Srtp } from "../../policy/office/carrier-settings.js";

/** Of a leg that is dialled, and of one that calls. */
export const SRTP_VARIABLE = "rtp_secure_media";

export const SRTP_WORDS: Readonly<Record<Srtp, string>> = {
  optional: "optional",
  required: "mandatory",
  never: "forbidden",
};
