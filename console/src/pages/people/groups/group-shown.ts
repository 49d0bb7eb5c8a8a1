/** A group as the API shows it, for the tabs of its page. */
import type { AnswerOf } from "../../../office/client.js";
import type { ItemOf } from "../../../office/read.js";

export type GroupShown = AnswerOf<"getGroup">;

export interface OfGroup {
  readonly group: GroupShown;
  readonly revision: number | null;
}

export type Member = ItemOf<"listMembers">;
