/** The page's one client of the API. What is refused by the server is thrown as a fault, for the reads of pages. */
import { apiClient, type ClientProblem } from "../../../engine/web/client/client.js";

export type {
  AnswerOf,
  Args,
  ClientProblem,
  OperationId,
  Result,
} from "../../../engine/web/client/client.js";

export const client = apiClient();

/** Why a read has no value. */
export class Fault extends Error {
  readonly problem: ClientProblem;

  constructor(problem: ClientProblem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** Whether nobody is signed in any more. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Fault && error.problem.type === "signed_out";
}
