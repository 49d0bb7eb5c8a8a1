/** The codec with which a caller gets media, so that the switch need not transcode between the caller and a leg. */
import type { Turn } from "../../call/turn.js";

/** The leg's codec. Null: the caller has media already, or has offered one codec only. */
export function codecForCaller(turn: Turn, leg: string): string | null {
  const { media, codecs } = turn.state.caller;
  const codec = turn.leg(leg)?.codec ?? null;
  if (media !== "none" || codec === null || !codecs.includes(",")) return null;
  // A codec that the caller has not offered would end their leg (INCOMPATIBLE_DESTINATION): then the switch transcodes.
  return offers(codecs, codec) ? codec : null;
}

/** Whether a codec is in the switch's list, `[module.]NAME@rate…` separated by commas. */
function offers(codecs: string, name: string): boolean {
  return codecs.split(",").some((codec) => {
    const [offered = ""] = codec.slice(codec.indexOf(".") + 1).split("@");
    return offered.toLowerCase() === name.toLowerCase();
  });
}
