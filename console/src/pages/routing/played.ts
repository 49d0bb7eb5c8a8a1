/** A call that was played, and the picture of a call's ways, as the API answers them. */
import type { AnswerOf } from "../../office/client.js";

export type Played = AnswerOf<"explain">;
export type Graph = AnswerOf<"drawFlow">;
