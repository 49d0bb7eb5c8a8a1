/** What an import of people answers, and how its headings are read. */
import type { AnswerOf } from "../../../office/client.js";

export type ImportAnswer = AnswerOf<"importUsers">;

export interface Mapped {
  readonly columns?: Readonly<Record<string, string>>;
  readonly departments?: Readonly<Record<string, string>>;
}
