/** A call outside that is refused is told to people, with its reason: in the story of the call, the log and the metrics. */
import type { FlowSource } from "./state.js";
import type { Turn } from "./turn.js";

/** Notes a refusal; any other source is none. */
export function noteRefusal(
  turn: Turn,
  { called, source }: { readonly called: string; readonly source: FlowSource },
): void {
  if (source.kind === "not_permitted")
    turn.note({ kind: "refused", number: called, why: source.why ?? "permission" });
}
