/** The `schedule` step's definition: goes on while a schedule is open, and elsewhere while it is closed. */
import { formatTarget } from "../../office/target.js";
import type { StepDefinition } from "../definition.js";
import type { Arbitrary, FastCheck, StepOffers } from "../generator.js";
import { whoText } from "../names.js";
import type { PartReader } from "../reader.js";
import { type ScheduleStepFile, scheduleStepFile, scheduleStepSchema } from "./file.js";
import { schedules } from "./section.js";
import { stateIn } from "./state.js";
import { SCHEDULES, type ScheduleStep } from "./step.js";

export const scheduleDefinition: StepDefinition<"schedule", typeof scheduleStepSchema> = {
  name: "schedule",
  order: 5,
  schema: scheduleStepSchema,
  example: "- { schedule: practice, closed: flow:night }",
  read,
  write: scheduleStepFile,
  words: ({ schedule, closed }) => `schedule ${schedule} (closed: ${formatTarget(closed)})`,
  sentence: ({ schedule, closed }, names) =>
    `While the schedule ${schedule} is closed, send the call to ${whoText(closed, names)}; while it is open, go on`,
  verb: "schedule",
  what: ({ schedule }) => schedule,
  goesOn: true,
  leads: ({ closed }) => [{ to: "next" }, { to: "target", target: closed }],
  leadsAt: (step, world, atMs) =>
    stateIn(world, step, atMs)?.open === false ? { to: "target", target: step.closed } : { to: "next" },
  section: schedules,
  generator,
};

function read(file: ScheduleStepFile, reader: PartReader): ScheduleStep | undefined {
  const isThere = reader.hasEntry(SCHEDULES, "schedule", file.schedule);
  const closed = reader.target("closed", file.closed);
  return isThere && closed !== undefined ? { kind: "schedule", schedule: file.schedule, closed } : undefined;
}

function generator(fc: FastCheck, offers: StepOffers): Arbitrary<ScheduleStep> | undefined {
  const ids = offers.entries(SCHEDULES);
  if (ids.length === 0 || offers.leadable.length === 0) return undefined;
  return fc.record({
    kind: fc.constant("schedule" as const),
    schedule: fc.constantFrom(...ids),
    closed: fc.constantFrom(...offers.leadable),
  });
}
