/** Everything about one schedule: its hours, whether it is open now, and the steps that ask it. */
import { flowsOf } from "../../../policy/change/mentions.js";
import { noSuchSchedule } from "../../../policy/change/routes/schedule-edits.js";
import { sectionKey } from "../../../policy/office/entities.js";
import { type ScheduleFile, scheduleFile } from "../../../policy/steps/schedule/file.js";
import { SCHEDULES, type Schedule } from "../../../policy/steps/schedule/step.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { Deps } from "../../use-case.js";
import { type ScheduleNow, schedulesIn } from "../changes/schedules.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface AboutSchedule {
  readonly outcome: "shown";
  readonly schedule: ScheduleFile;
  readonly now: ScheduleNow;
  /** The steps that go on while it is open, in words. */
  readonly askedBy: readonly string[];
  /** Null: the files have the schedule as it is live. */
  readonly drift: EntityDrift | null;
}

export function showSchedule(
  deps: Pick<Deps, "store" | "clock">,
  id: string,
): Promise<Viewed<AboutSchedule | NotFound>> {
  return viewLive<AboutSchedule | NotFound>(deps, async (live) =>
    scheduleIn(live, id, await deps.store.readByHand(), deps.clock.nowMs()),
  );
}

/** The same of an office that is in memory. @param sets what is set by hand */
export function scheduleIn(
  live: Live,
  id: string,
  sets: readonly ByHand[],
  nowMs: number,
): AboutSchedule | NotFound {
  const { office } = live;
  const schedules = (office.sections?.[SCHEDULES] ?? []) as readonly Schedule[];
  const schedule = schedules.find((each) => each.id === id);
  const now = schedulesIn(office, sets, nowMs).schedules.find((each) => each.id === id);
  if (schedule === undefined || now === undefined)
    return { outcome: "not_found", reason: noSuchSchedule(schedules, id).reason };
  const askedBy = [...flowsOf(office)].flatMap(([title, steps]) =>
    steps.flatMap((step, index) =>
      step.kind === "schedule" && step.schedule === id ? [`${title}, step ${index + 1}`] : [],
    ),
  );
  return {
    outcome: "shown",
    schedule: scheduleFile(schedule),
    now,
    askedBy,
    drift: driftOf(live, "sections", sectionKey(SCHEDULES, id)),
  };
}
