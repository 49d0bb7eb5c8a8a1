/** The plans of calls outside as people and programs are shown them, in the words of the file. */
import { sectionKey } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { type PlanFile, planFile } from "../../../policy/usage/file.js";
import { PLANS, type Plan } from "../../../policy/usage/plan.js";
import type { Deps } from "../../use-case.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface PlanList {
  readonly outcome: "listed";
  readonly plans: readonly AboutPlan[];
}

export interface AboutPlan {
  readonly plan: PlanFile;
  /** The numbers that are on it, as the office has them. */
  readonly numbers: readonly string[];
}

export interface PlanShown extends AboutPlan {
  readonly outcome: "shown";
  /** Null: the files have the plan as it is live. */
  readonly drift: EntityDrift | null;
}

export function listPlans(deps: Pick<Deps, "store">): Promise<Viewed<PlanList>> {
  return viewLive<PlanList>(deps, ({ office }) => plansIn(office));
}

/** The same of an office that is in memory. */
export function plansIn(office: Office): PlanList {
  return { outcome: "listed", plans: plansOf(office).map((plan) => about(office, plan)) };
}

/** Everything the live office says of one plan. */
export function showPlan(deps: Pick<Deps, "store">, id: string): Promise<Viewed<PlanShown | NotFound>> {
  return viewLive<PlanShown | NotFound>(deps, (live) => planIn(live, id));
}

/** The same of an office that is in memory. */
export function planIn(live: Live, id: string): PlanShown | NotFound {
  const plan = plansOf(live.office).find((each) => each.id === id);
  if (plan === undefined) return { outcome: "not_found", reason: noSuchPlan(live.office, id) };
  return {
    outcome: "shown",
    ...about(live.office, plan),
    drift: driftOf(live, "sections", sectionKey(PLANS, id)),
  };
}

function plansOf({ sections }: Office): readonly Plan[] {
  return (sections?.[PLANS] ?? []) as readonly Plan[];
}

function about({ numbers }: Office, plan: Plan): AboutPlan {
  return {
    plan: planFile(plan),
    numbers: numbers.filter((each) => each.plan === plan.id).map(({ number }) => number),
  };
}

function noSuchPlan(office: Office, id: string): string {
  const meant = suggest(
    id,
    plansOf(office).map((plan) => plan.id),
  );
  return `there is no plan \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}
