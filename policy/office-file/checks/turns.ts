/**
 * Finds members and devices whose turn comes when a step is over, steps that ring nobody because everybody in them is
 * suspended, and outside phones that are connected without a question. The ring plan says who rings when; every phone
 * counts as signed in.
 */
import type { World } from "../../call/world.js";
import type { Office } from "../../office/office.js";
import { slotBegan } from "../../ring/longest.js";
import { planRing, type RingPlan, type Station } from "../../ring/plan.js";
import { RoutingTable } from "../../routing/table.js";
import { exitTargets, reachedSteps } from "../../steps/graph.js";
import type { RingStep } from "../../steps/ring/step.js";
import type { LocatedFlow } from "../make-office.js";
import { type Place, type Problem, under } from "../problem.js";
import type { Entries, Located } from "../read-entries.js";

/** @param flows those that the files give; a group without one has the default flow */
export function checkTurns(flows: Iterable<LocatedFlow>, entries: Entries, office: Office): Problem[] {
  const world = worldOf(office);
  const given = [...flows].flatMap(({ steps }) => {
    const reached = steps.slice(0, reachedSteps(steps.map(({ value }) => value)));
    return reached.flatMap(({ value, at }) => (value.kind === "ring" ? [{ value, at }] : []));
  });
  const said = new Set<string>();
  return [...given, ...defaultRings(entries, office, world)].flatMap((ring) => judge(ring, world, said));
}

function worldOf(office: Office): World {
  return {
    office: RoutingTable.of(office, 0),
    contactsOf: () => [{ url: "sofia/phones/sip:phone" }],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
  };
}

/** The rings of groups' default flows, where a call can come to them. */
function defaultRings({ groups }: Entries, office: Office, { office: table }: World): Located<RingStep>[] {
  const called = sentTo(office);
  return groups.flatMap(({ id, at, steps }) => {
    const group = id === undefined || steps !== undefined ? undefined : table.group(id);
    if (group === undefined || (group.extension === undefined && !called.has(group.id))) return [];
    const [ring] = group.flow;
    return ring?.kind === "ring" ? [{ value: ring, at }] : [];
  });
}

/** Groups to whose own flow a step or a mailbox leads. */
function sentTo({ flows, numbers, users, groups }: Office): ReadonlySet<string> {
  const steps = [
    ...Object.values(flows),
    ...numbers.flatMap(({ leadsTo }) => (leadsTo?.kind === "steps" ? [leadsTo.steps] : [])),
    ...[...users, ...groups].map(({ flow }) => flow),
  ].flat();
  const operators = [...users, ...groups].flatMap(({ voicemail }) => voicemail?.operator ?? []);
  return new Set(
    [...steps.flatMap(exitTargets), ...operators].flatMap((target) =>
      target.kind === "group" ? [target.id] : [],
    ),
  );
}

const NOBODY_CALLS = {
  callerNumber: "",
  callerName: "",
  called: null,
  prefix: null,
  payer: null,
  emergency: false,
  from: null,
} as const;

/** @param said what was said of a group already, which is the same in each of its steps */
function judge({ value: step, at }: Located<RingStep>, world: World, said: Set<string>): Problem[] {
  const plan = planRing(step, NOBODY_CALLS, world, "");
  if (plan.stations.length === 0) return nobody(step, plan, at);
  const asked = unasked(step, plan, at);
  const group = groupOf(step, world);
  if (group === undefined) return asked;
  const strategy = step.strategy ?? group.strategy;
  // Of a group in another order everybody is the first now and then.
  const hasOrder = strategy === "in_order" || strategy === "simultaneous";
  return [...asked, ...(hasOrder ? late(step, plan, at) : []), ...neverInTime(plan, at, group.id, said)];
}

function groupOf({ target }: RingStep, { office }: World) {
  if (target.kind === "group") return office.group(target.id);
  const owner = target.kind === "extension" ? office.lookupExtension(target.extension) : undefined;
  return owner?.kind === "group" ? owner.group : undefined;
}

/** Other warnings are about users without devices and members whose calls are switched off. */
function nobody(step: RingStep, { notRung }: RingPlan, at: Place): Problem[] {
  const suspended = notRung.filter(({ reason }) => reason === "suspended").map(({ who }) => who);
  if (suspended.length === 0) return [];
  const [first] = suspended;
  return [
    {
      severity: "warning",
      code: "nobody_rings",
      message:
        suspended.length === 1
          ? `ringing this rings nobody: \`${first}\` is suspended`
          : `ringing this rings nobody: ${suspended.length} members are suspended`,
      at,
      expected:
        step.target.kind === "user"
          ? "a user who is not suspended"
          : "at least one member who is not suspended",
    },
  ];
}

/** Members and devices whose turn begins when the step is over, whoever lets it ring before. */
function late(step: RingStep, plan: RingPlan, at: Place): Problem[] {
  const { timeoutMs } = step;
  if (timeoutMs === null) return [];
  const beginsMs = (station: Station) => (slotBegan(plan, station.slot) ?? 0) + station.startMs;
  const never = plan.stations.filter((station) => beginsMs(station) >= timeoutMs);
  return [...new Set(never.map(({ who }) => who))].flatMap((who): Problem[] => {
    const own = plan.stations.filter((station) => station.who === who);
    const lateOnes = own.filter((station) => never.includes(station));
    const begins = Math.min(...lateOnes.map(beginsMs)) / 1000;
    const isWhole = lateOnes.length === own.length;
    const subject = isWhole ? `\`${who}\`` : `the device \`${lateOnes[0]?.device}\` of \`${who}\``;
    const why = (lateOnes[0]?.slot ?? 0) > 0 ? "while the members before let it ring" : "in this step";
    return [
      {
        severity: "warning",
        code: "never_rings",
        message: `${subject} never rings ${why}: the turn begins after ${begins} s, and the step is over after ${timeoutMs / 1000} s`,
        at,
        expected: `a timeout of more than ${begins}, or shorter ring times and delays`,
      },
    ];
  });
}

/** The step's word beats the devices', so it is the step that connects a mailbox. */
function unasked({ accept }: RingStep, { stations }: RingPlan, at: Place): Problem[] {
  const phones = new Set(
    stations.flatMap((station) => (station.at.kind === "phone" ? [station.at.number] : [])),
  );
  if (accept !== "never" || phones.size === 0) return [];
  return [voicemailAnswers([...phones].join(", "), under(at, "accept", "value"))];
}

/** Outside phones that are connected without a question, by their devices' own word. */
export function checkUnasked({ users }: Entries): Problem[] {
  return users.flatMap(({ devices }) =>
    devices.items.flatMap(({ value, at }) =>
      value.phone !== undefined && value.accept === "never"
        ? [voicemailAnswers(value.phone, under(at, "accept", "value"))]
        : [],
    ),
  );
}

function voicemailAnswers(phone: string, at: Place): Problem {
  return {
    severity: "warning",
    code: "voicemail_answers",
    message: `a mailbox or an announcement that answers ${phone} takes the calls: nobody has to press 1`,
    at,
    found: '"never"',
    expected: "auto or always, unless nothing but a person answers there",
  };
}

/** Devices whose delay is as long as their member rings. */
function neverInTime({ notRung }: RingPlan, at: Place, group: string, said: Set<string>): Problem[] {
  return notRung.flatMap(({ who, device, reason }): Problem[] => {
    const key = [group, who, device].join(" ");
    if (reason !== "never_in_time" || said.has(key)) return [];
    said.add(key);
    return [
      {
        severity: "warning",
        code: "never_rings",
        message: `the device \`${device}\` of \`${who}\` never rings in \`${group}\`: its delay is as long as the member rings`,
        at,
        expected: "a longer ring of the member, or a shorter delay of the device",
      },
    ];
  });
}
