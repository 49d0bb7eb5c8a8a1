/** A plan as the API shows it. */
import type { AnswerOf } from "../../office/client.js";

export type PlanAnswer = AnswerOf<"getPlan">;
