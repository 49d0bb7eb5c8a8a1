/** The live office for handlers: a view of it, or the problem that there is none. */
import type { Live } from "../../office/views/live.js";
import { OfficeIndex } from "../../office/views/office-index.js";
import type { NotFound } from "../../office/views/users.js";
import { failureOf } from "./failures.js";
import { type Problem, problem } from "./problem.js";
import type { Services } from "./services.js";

/** Makes an answer of the live office. */
export async function withLive<Answer>(
  services: Services,
  view: (live: Live, index: OfficeIndex) => Answer | Promise<Answer>,
): Promise<Answer | Problem> {
  const live = await services.live();
  return "outcome" in live ? failureOf(services, live) : view(live, OfficeIndex.of(live));
}

/** The office has no such thing; `reason` says what was probably meant. */
export function noSuchThing({ reason }: Pick<NotFound, "reason">): Problem {
  return problem("not_found", { detail: reason });
}
