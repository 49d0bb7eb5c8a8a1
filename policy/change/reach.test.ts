/**
 * Goal: the phones of a number are shown as they would ring at a moment, when nobody answers, and a change of them is
 * found. Method: offices from files, at moments around openings, holidays and changes of the clock.
 */
import { describe, expect, it } from "vitest";
import type { SetByHand } from "../call/world.js";
import type { Office } from "../office/office.js";
import { given } from "../office/optional.js";
import { resolveOffice } from "../office-file/resolve.js";
import { RoutingTable } from "../routing/table.js";
import { diffOffices } from "./diff.js";
import { emptyMoment, type Moment, Reach } from "./reach.js";
import { changedReach } from "./reach-changes.js";

const NUMBER = "+12125550100";
const MONDAY_NOON = Date.parse("2026-11-30T12:00:00-05:00");

type File = Readonly<Record<string, unknown>>;

/** An office whose number has these steps. */
function officeOf(
  steps: readonly object[],
  more: File = {},
  users: Readonly<Record<string, object>> = {},
): Office {
  const phones: Readonly<Record<string, object[]>> = {
    alice: [
      { id: "desk", sip: "alice-desk" },
      { id: "cell", phone: "+12125550177", delay: 5 },
    ],
    bobby: [{ id: "desk", sip: "bob-desk" }],
    carol: [{ id: "desk", sip: "carol-desk" }],
  };
  const { office, problems } = resolveOffice([
    {
      office: { name: "Acme", country: "US", timezone: "America/New_York" },
      carriers: [{ id: "main", proxy: "sip.example.net" }],
      users: Object.entries(phones).map(([username, devices]) => ({
        username,
        name: username,
        devices,
        ...users[username],
      })),
      numbers: [
        { number: NUMBER, steps },
        { number: "+12125550101", steps: [{ ring: "user:carol" }, { hangup: "busy" }] },
      ],
      ...more,
    },
  ]);
  if (office === undefined) throw new Error(problems.map(({ message }) => message).join("; "));
  return office;
}

function rings(office: Office, moment: Moment = emptyMoment(MONDAY_NOON)): string {
  return textOf(new Reach(RoutingTable.of(office, 1), moment).of(NUMBER));
}

function textOf(stages: readonly (readonly string[])[]): string {
  return stages.map((stage) => stage.join(" + ")).join(" > ");
}

const END = { hangup: "busy" };
const group = (more: object) => ({
  groups: [{ id: "sales", members: [{ user: "carol" }, { user: "alice" }, { user: "bobby" }], ...more }],
});

describe("the phones of a number", () => {
  it.each<[string, readonly object[], File, Readonly<Record<string, object>>, string]>([
    [
      "in the order in which they begin to ring",
      [{ ring: "user:alice" }, END],
      {},
      {},
      "alice/desk + alice/cell +12125550177 after 5 s",
    ],
    [
      "without those that begin when the step is over",
      [{ ring: "user:alice", timeout: 5 }, END],
      {},
      {},
      "alice/desk",
    ],
    [
      "of all members together",
      [{ ring: "group:sales" }, END],
      group({}),
      {},
      "alice/desk + bobby/desk + carol/desk + alice/cell +12125550177 after 5 s",
    ],
    [
      "of members one after the other",
      [{ ring: "group:sales", timeout: 60 }, END],
      group({ strategy: "in_order" }),
      {},
      "carol/desk > alice/desk + alice/cell +12125550177 after 5 s > bobby/desk",
    ],
    [
      "of those members whose turn comes in time",
      [{ ring: "group:sales", timeout: 30 }, END],
      group({ strategy: "in_order" }),
      {},
      "carol/desk > alice/desk + alice/cell +12125550177 after 5 s",
    ],
    [
      "at random, in any order",
      [{ ring: "group:sales" }, END],
      group({ strategy: "random", members: [{ user: "carol" }, { user: "bobby" }] }),
      {},
      "bobby/desk (at random) + carol/desk (at random)",
    ],
    [
      "without members who are switched off",
      [{ ring: "group:sales" }, END],
      group({ members: [{ user: "carol", calls: false }, { user: "bobby" }] }),
      {},
      "bobby/desk",
    ],
    [
      "without those of suspended users",
      [{ ring: "group:sales" }, END],
      group({ members: [{ user: "carol" }, { user: "bobby" }] }),
      { carol: { suspended: true } },
      "bobby/desk",
    ],
    [
      "without outside phones that may not be called",
      [{ ring: "user:alice" }, END],
      {},
      { alice: { permissions: { outside_calls: false } } },
      "alice/desk",
    ],
    [
      "nobody's, where the user is suspended",
      [{ ring: "user:carol" }, END],
      {},
      { carol: { suspended: true } },
      "",
    ],
    [
      "along the flows that it is sent to",
      [{ ring: "user:carol" }, { send: "user:bobby" }],
      {},
      { bobby: { no_answer: [{ ring: "user:bobby" }, { send: "number:+12125550178" }] } },
      "carol/desk > bobby/desk > +12125550178",
    ],
    ["along another number of the office", [{ send: "number:+12125550101" }], {}, {}, "carol/desk"],
    // The suspended user's forwarding costs the user's money, and the user may not call.
    [
      "without the forwarding of a suspended user",
      [{ send: "user:bobby" }],
      {},
      { bobby: { suspended: true, no_answer: [{ send: "number:+12125550178" }] } },
      "",
    ],
  ])("%s", (_what, steps, more, users, expected) => {
    expect(rings(officeOf(steps, more, users))).toBe(expected);
  });

  it("of a rotating group begin behind whoever was rung first", () => {
    const office = officeOf([{ ring: "group:sales", timeout: "none" }, END], group({ strategy: "rotating" }));
    const moment = emptyMoment(MONDAY_NOON);
    const turn = { ...moment, memory: { ...moment.memory, rungFirst: () => "alice" } };
    expect(rings(office, turn)).toMatch(/^bobby\/desk > carol\/desk > alice\/desk/);
  });
});

describe("the phones of a number with a schedule", () => {
  const office = (zone?: string) =>
    officeOf([{ schedule: "hours", closed: "flow:night" }, { ring: "user:alice" }, END], {
      schedules: [
        {
          id: "hours",
          ...given({ timezone: zone }),
          open: [
            { days: "mon-fri", from: "08:00", to: "17:00" },
            { days: "sun", from: "01:30", to: "03:30" },
          ],
          closed: ["2026-12-25"],
        },
      ],
      flows: { night: [{ ring: "user:bobby" }, END] },
    });
  const OPEN = "alice/desk + alice/cell +12125550177 after 5 s";
  const NIGHT = "bobby/desk";

  it.each([
    ["2026-11-30T07:59:59-05:00", undefined, NIGHT],
    ["2026-11-30T08:00:00-05:00", undefined, OPEN],
    ["2026-11-30T16:59:59-05:00", undefined, OPEN],
    ["2026-11-30T17:00:00-05:00", undefined, NIGHT],
    ["2026-12-25T12:00:00-05:00", undefined, NIGHT],
    // In July, New York is four hours behind.
    ["2026-07-06T12:00:00Z", undefined, OPEN],
    ["2026-12-07T12:30:00Z", undefined, NIGHT],
    // The schedule's own zone counts.
    ["2026-11-30T08:30:00-05:00", "America/Los_Angeles", NIGHT],
    ["2026-11-30T08:30:00-05:00", "Europe/Berlin", OPEN],
    ["2026-11-30T11:30:00-05:00", "Europe/Berlin", NIGHT],
    // The hour that is left out in spring, and the hour that comes twice in autumn.
    ["2026-03-08T01:59:59-05:00", undefined, OPEN],
    ["2026-03-08T03:29:59-04:00", undefined, OPEN],
    ["2026-03-08T03:30:00-04:00", undefined, NIGHT],
    ["2026-11-01T01:29:59-04:00", undefined, NIGHT],
    ["2026-11-01T01:30:00-04:00", undefined, OPEN],
    ["2026-11-01T01:15:00-05:00", undefined, NIGHT],
    ["2026-11-01T01:30:00-05:00", undefined, OPEN],
  ])("at %s (zone %s) are those of %s", (iso, zone, expected) => {
    expect(rings(office(zone), emptyMoment(Date.parse(iso)))).toBe(expected);
  });

  it.each<[string, Partial<SetByHand>, string]>([
    ["closed by hand", { value: { state: "closed" } }, NIGHT],
    [
      "closed by hand until a minute ago",
      { value: { state: "closed" }, untilMs: MONDAY_NOON - 60_000 },
      OPEN,
    ],
  ])("that is %s", (_how, set, expected) => {
    const moment = emptyMoment(MONDAY_NOON);
    const byHand = () => ({ sinceMs: 0, untilMs: null, value: null, ...set });
    expect(rings(office(), { ...moment, memory: { ...moment.memory, byHand } })).toBe(expected);
  });

  it("are, at no moment in particular, those of every way", () => {
    const all = new Reach(RoutingTable.of(office(), 1), undefined).of(NUMBER);
    expect(textOf(all)).toBe(`${OPEN} > ${NIGHT}`);
  });
});

describe("a change of the phones that ring", () => {
  const HOURS = { schedules: [{ id: "hours", open: [{ days: "mon-fri", from: "08:00", to: "17:00" }] }] };
  const STEPS = [
    { schedule: "hours", closed: "flow:night" },
    { ring: "group:sales" },
    { send: "extension:200" },
  ];
  const base = (more: File = {}, users: Readonly<Record<string, object>> = {}) =>
    officeOf(
      STEPS,
      {
        ...HOURS,
        groups: [
          { id: "sales", members: [{ user: "bobby" }] },
          { id: "help", extension: 200, members: [{ user: "carol" }] },
        ],
        flows: { night: [{ ring: "user:bobby" }, END] },
        ...more,
      },
      users,
    );

  const changes = (after: Office, atMs: number) => {
    const before = base();
    const table = (office: Office) => RoutingTable.of(office, 1);
    const differences = diffOffices(before, after);
    const numbers = before.numbers.map(({ number }) => number);
    const found = changedReach(table(before), table(after), differences, numbers, emptyMoment(atMs));
    return found.map(({ number, when, from, to }) => `${number} ${when}: ${textOf(from)} => ${textOf(to)}`);
  };
  const NIGHT_TIME = Date.parse("2026-11-30T22:00:00-05:00");

  it.each<[string, Office, string[], string[]]>([
    ["of nothing", base(), [], []],
    [
      "by a suspension: of every number that rings the user",
      base({}, { carol: { suspended: true } }),
      [`${NUMBER} now: bobby/desk > carol/desk => bobby/desk > `, "+12125550101 now: carol/desk => "],
      [
        `${NUMBER} other_times: bobby/desk > bobby/desk > carol/desk => bobby/desk > bobby/desk > `,
        "+12125550101 now: carol/desk => ",
      ],
    ],
    [
      "in the night flow only",
      base({ flows: { night: [{ ring: "user:carol" }, END] } }),
      [`${NUMBER} other_times: bobby/desk > bobby/desk > carol/desk => bobby/desk > carol/desk > carol/desk`],
      [`${NUMBER} now: bobby/desk => carol/desk`],
    ],
    [
      "by an extension that another has",
      base({
        groups: [
          { id: "sales", extension: 200, members: [{ user: "bobby" }] },
          { id: "help", members: [{ user: "carol" }] },
        ],
      }),
      [`${NUMBER} now: bobby/desk > carol/desk => bobby/desk > bobby/desk`],
      [`${NUMBER} other_times: bobby/desk > bobby/desk > carol/desk => bobby/desk > bobby/desk > bobby/desk`],
    ],
    ["by a new name: of none", base({}, { carol: { name: "Carol" } }), [], []],
  ])("%s", (_what, after, atNoon, atNight) => {
    expect(changes(after, MONDAY_NOON)).toEqual(atNoon);
    expect(changes(after, NIGHT_TIME)).toEqual(atNight);
  });
});
