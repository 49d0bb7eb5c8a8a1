/**
 * Goal: a call's story can be read aloud to a customer, and says why a phone did not ring. Method: one row a kind of
 * happening, which the compiler asks for; rows of ways in which a phone does not ring; and any order of happenings, of
 * which no leg may be missing and nothing may steer a terminal.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answered,
  BEGAN_MS,
  began,
  connected,
  dialled,
  ended,
  GROUP_ANSWERED,
  HOSTILE,
  legEnded,
  legId,
  MESSAGE_LEFT,
  notRung,
  recordOfTold,
  rings,
  TAKEN_OVER,
  type Told,
  TRANSFERRED,
} from "../../fixtures/records/told-calls.js";
import type { User } from "../office/office.js";
import type { What, WhatKind } from "./happening.js";
import { Names } from "./spoken-names.js";
import { storyOf } from "./story.js";

const user = (username: string, name: string): User => ({ username, name, devices: [], flow: [] });
const USERS = new Map(
  [
    user("alice.wong", "Alice Wong"),
    user("bob.stone", "Bob Stone"),
    user("carol.diaz", "Carol Díaz"),
    user("dan.okafor", "Dan Okafor"),
  ].map((each) => [each.username, each]),
);
const NAMES = new Names({
  user: (username) => USERS.get(username),
  group: (id) =>
    id === "reception"
      ? { id, name: "Reception", strategy: "simultaneous", members: [], flow: [] }
      : undefined,
  number: (number) => (number === "+12125550100" ? { number, label: "Main line", leadsTo: null } : undefined),
  lookupExtension: (extension) => {
    const carol = USERS.get("carol.diaz");
    return extension === "103" && carol !== undefined ? { kind: "user", user: carol } : undefined;
  },
});

const LEG: Told = [4, dialled("alice.wong", "desk")];

/** The lines that a happening adds to a call with one leg. */
function linesOf(what: What): string[] {
  const before = storyOf(recordOfTold([began(), LEG]), NAMES).lines;
  const after = storyOf(recordOfTold([began(), LEG, [5_000, what]]), NAMES).lines;
  return after.slice(before.length).map(({ text }) => text);
}

const PHONE = `Alice Wong's phone "desk"`;
const leg = legId("alice.wong", "desk");

/** Sentences by kind; none: the kind has no line of its own. */
const SENTENCES: Readonly<Record<WhatKind, ReadonlyArray<readonly [What, ...string[]]>>> = {
  began: [],
  flow: [
    [{ kind: "flow", source: "number:+12125550100", names: [], label: null }],
    [
      { kind: "flow", source: "group:reception", names: [], label: null },
      "The call went on to the group Reception.",
    ],
    [{ kind: "flow", source: "user:alice.wong", names: [], label: null }, "The call went on to Alice Wong."],
    [{ kind: "flow", source: "flow:closed", names: [], label: null }, "The call went on to the flow closed."],
    [
      { kind: "flow", source: "recall:bob.stone", names: [], label: null },
      "The caller went back to Bob Stone.",
    ],
    [
      { kind: "flow", source: "unassigned", names: [], label: null },
      "The number leads nowhere: the caller heard that the call cannot be completed.",
    ],
    [
      { kind: "flow", source: "apology", names: [], label: null },
      "The caller heard an apology: the call could not go on.",
    ],
  ],
  step: [
    [{ kind: "step", text: "ring group:reception", names: [] }, "Step 1: ring the group Reception."],
    [
      { kind: "step", text: "send to extension:103", names: [] },
      "Step 1: send to extension 103 (Carol Díaz).",
    ],
    [{ kind: "step", text: "hang up: no_answer", names: [] }, "Step 1: hang up: no answer."],
  ],
  step_outcome: [
    [
      {
        kind: "step_outcome",
        text: "schedule practice",
        outcome: "closed for New Year",
        schedule: "practice",
        isOpen: false,
      },
      "The schedule practice was closed for New Year.",
    ],
  ],
  leg_dialled: [[dialled("bob.stone", "desk"), `Bob Stone's phone "desk" was dialled.`]],
  leg_rings: [
    [rings("alice.wong", "desk"), `${PHONE} began to ring.`],
    [{ kind: "leg_rings", leg, isMedia: true }, `${PHONE} could be heard.`],
  ],
  not_rung: [
    [
      notRung("bob.stone", "desk", "not_registered"),
      `Bob Stone's phone "desk" did not ring: it was not registered, so it was off or had no connection.`,
    ],
  ],
  leg_answered: [[answered("alice.wong", "desk"), `${PHONE} was answered.`]],
  leg_asked: [
    [{ kind: "leg_asked", leg }, `${PHONE} was answered, and was asked to press 1 to take the call.`],
  ],
  leg_accepts: [[{ kind: "leg_accepts", leg }, `${PHONE} took the call by pressing 1.`]],
  leg_declines: [[{ kind: "leg_declines", leg }, `${PHONE} declined the call by key.`]],
  leg_ended: [
    [
      legEnded("alice.wong", "desk", { cause: "USER_BUSY", status: 486, side: "callee" }),
      `${PHONE} did not ring: it was busy (SIP 486).`,
    ],
  ],
  next_carrier: [
    [
      { kind: "next_carrier", leg, failed: "main", why: "503", carrier: "backup" },
      "The carrier main has failed (503), so the call was tried through backup.",
    ],
  ],
  rollover: [
    [
      { kind: "rollover", why: "timeout", timer: "ring" },
      "Nobody took the call in time, so it went on to the next step.",
    ],
    [
      { kind: "rollover", why: "nothing_rings", timer: null },
      "No phone rang any more, so the call went on to the next step.",
    ],
    [
      { kind: "rollover", why: "skipped", timer: null },
      "A colleague sent the call on to the next step by key.",
    ],
  ],
  connected: [
    [connected("alice.wong", "desk"), `The caller was connected with Alice Wong, on the phone "desk".`],
    [
      { kind: "connected", leg: "x", who: "", device: "" },
      "The caller was connected with somebody whom nobody knows.",
    ],
    [
      { kind: "connected", leg: "x", who: "+14155550199", device: "" },
      "The caller was connected with +1 415 555 0199.",
    ],
  ],
  winner_lost: [
    [
      { kind: "winner_lost", leg, cause: "NORMAL_CLEARING" },
      `${PHONE} was lost just before it was connected (normal clearing).`,
    ],
  ],
  transferred: [
    [
      { kind: "transferred", to: "103", by: "alice.wong" },
      "Alice Wong had the caller transferred to extension 103 (Carol Díaz).",
    ],
    [{ kind: "transferred", to: "+14155550199", by: null }, "The caller was transferred to +1 415 555 0199."],
  ],
  transfer_failed: [
    [
      { kind: "transfer_failed", to: "103", by: "alice.wong", why: "busy" },
      "Nobody took the transfer to extension 103 (Carol Díaz) (busy), so the caller went back to Alice Wong.",
    ],
  ],
  prompt: [
    [{ kind: "prompt", text: "please-hold" }, "The caller heard the announcement please-hold."],
    [
      { kind: "prompt", text: "please-hold", isMissing: true },
      "The announcement please-hold was to be played, but there is no such file.",
    ],
  ],
  digits: [
    [{ kind: "digits", leg: null, digits: "3" }, "The caller pressed 3."],
    [{ kind: "digits", leg, digits: "7" }, `${PHONE} pressed 7.`],
  ],
  greeting: [
    [
      { kind: "greeting", box: "group:reception" },
      "The caller heard the greeting of the mailbox of the group Reception.",
    ],
  ],
  recording: [
    [{ kind: "recording", box: "user:alice.wong" }, "The caller spoke a message into Alice Wong's mailbox."],
  ],
  no_message: [
    [
      { kind: "no_message", box: "user:alice.wong", why: "too_short" },
      "The message was too short, and was not kept.",
    ],
  ],
  mailbox_refused: [
    [{ kind: "mailbox_refused", box: "user:alice.wong", why: "full" }, "Alice Wong's mailbox was full."],
    [
      { kind: "mailbox_refused", box: "group:reception", why: "unavailable" },
      "The mailbox of the group Reception could take no message then.",
    ],
  ],
  listens: [
    [
      { kind: "listens", username: "alice.wong", box: "user:alice.wong" },
      "Alice Wong listened to Alice Wong's mailbox.",
    ],
  ],
  pin_refused: [
    [
      { kind: "pin_refused", username: "alice.wong", why: "wrong" },
      "The caller typed a wrong PIN for Alice Wong.",
    ],
  ],
  emergency: [
    [
      { kind: "emergency", number: "911", user: "alice.wong", device: "desk", isTest: false },
      `EMERGENCY CALL to 911 from ${PHONE}.`,
    ],
    [
      { kind: "emergency", number: "933", user: null, device: null, isTest: true },
      "This was a test of the emergency number 933.",
    ],
  ],
  refused: [
    [
      { kind: "refused", number: "+14155550199", why: "permission" },
      "The call to +1 415 555 0199 was refused: this user may not call outside.",
    ],
  ],
  bound_reached: [
    [
      { kind: "bound_reached", bound: "hops per call: 10" },
      "A limit of the phone system was reached: hops per call: 10.",
    ],
  ],
  adopted: [
    [
      { kind: "adopted", engine: "2-e", revision: 1 },
      "The phone system was started again, or a second one took over. The call went on.",
    ],
  ],
  caller_gone: [
    [{ kind: "caller_gone", side: "caller", cause: null, isSeen: true }, "The caller hung up."],
    [{ kind: "caller_gone", side: "office", cause: null, isSeen: true }],
  ],
  ended: [
    [ended({ kind: "missed" }), "The caller hung up before anybody had answered."],
    [ended({ kind: "message", box: "user:alice.wong" }), "The message was put into Alice Wong's mailbox."],
    [ended({ kind: "answered", by: "alice.wong" }, "callee"), "Alice Wong hung up."],
    [ended({ kind: "answered", by: "alice.wong" }, "switch"), "The network ended the call."],
    [ended({ kind: "hung_up", reason: "no_answer" }, "office"), "Nobody answered. The call was ended."],
    [ended({ kind: "hung_up", reason: "normal" }, "office"), "The steps of the office ended the call."],
    [ended({ kind: "listened", by: "alice.wong" }), "The caller hung up."],
    [ended({ kind: "failed", why: "our mistake" }, "office"), "The call failed: our mistake."],
    [ended({ kind: "not_ours" }, "unknown"), "Another phone system on the same switch took the call."],
    [
      ended({ kind: "shed" }, "office"),
      "The call was refused, because more calls came than the phone system can carry.",
    ],
    [
      ended({ kind: "lost" }, "unknown", false),
      "The call was over when the phone system looked again, at this time at the latest.",
    ],
  ],
};

describe("a happening is a sentence", () => {
  const rows = Object.values(SENTENCES).flat();
  it.each(rows.map(([what, ...sentences]) => ({ kind: what.kind, what, sentences })))(
    "$kind: $sentences",
    ({ what, sentences }) => {
      expect(linesOf(what)).toEqual(sentences);
    },
  );

  it.each([
    ["no other engine", [], true],
    ["another engine", [[5_000, { kind: "adopted", engine: "e2", revision: 1 }]], false],
  ] as const)("and phones are said not to have rung when %s went on with the call", (_how, more, isSaid) => {
    const told: Told[] = [began(), ...more, [9_000, ended({ kind: "missed" })]];
    expect(storyOf(recordOfTold(told), NAMES).ending.includes("No phone rang.")).toBe(isSaid);
  });

  it("and a call begins with who called whom", () => {
    const [first] = storyOf(recordOfTold([began()]), NAMES).lines;
    expect(first?.text).toBe(
      "John Doe (+1 310 555 0102) called +1 212 555 0100 (Main line), through the carrier main.",
    );
  });

  it.each([
    ["withheld", { isWithheld: true, from: "", name: "" }, "Somebody with a withheld number called "],
    ["anonymised", { from: "", name: "" }, "A number that is not kept any more called "],
    ["a user's", { user: "carol.diaz", device: "desk", from: "103" }, "Carol Díaz called "],
    ["without a name", { name: "" }, "+1 310 555 0102 called "],
  ])("whose number is %s", (_what, changes, begins) => {
    expect(storyOf(recordOfTold([began(changes)]), NAMES).headline.startsWith(begins)).toBe(true);
  });
});

/** Why a phone of Carol's did not ring, or stopped: what the story says of it. */
describe("why a phone did not ring", () => {
  const CAROL = ["carol.diaz", "desk"] as const;
  const bobTakes: readonly Told[] = [
    [4, dialled("bob.stone", "desk")],
    [100, rings("bob.stone", "desk")],
    [4_000, answered("bob.stone", "desk")],
    [4_020, connected("bob.stone", "desk")],
  ];
  const it_rang = (endMs: number, changes: Parameters<typeof legEnded>[2]): Told[] => [
    [4, dialled(...CAROL)],
    [100, rings(...CAROL)],
    [endMs, legEnded(...CAROL, changes)],
  ];
  const silent = (changes: Parameters<typeof legEnded>[2]): Told[] => [
    [4, dialled(...CAROL)],
    [200, legEnded(...CAROL, changes)],
  ];

  it.each<[string, readonly Told[], string]>([
    [
      "not registered",
      [[3, notRung(...CAROL, "not_registered")]],
      "did not ring: it was not registered, so it was off or had no connection",
    ],
    [
      "switched off",
      [[3, notRung(...CAROL, "calls_off")]],
      "did not ring: calls of this group were switched off for this person",
    ],
    ["suspended", [[3, notRung("carol.diaz", "", "suspended")]], "did not ring: this user was suspended"],
    [
      "never in time",
      [[3, notRung(...CAROL, "never_in_time")]],
      "did not ring: its delay is as long as its time to ring, so it never gets its turn",
    ],
    [
      "the phone that called",
      [[3, notRung(...CAROL, "own_device")]],
      "did not ring: it was the phone that called",
    ],
    ["a reason of a later release", [[3, notRung(...CAROL, "on_holiday")]], "did not ring: on holiday"],
    [
      "busy",
      silent({ cause: "USER_BUSY", status: 486, side: "callee" }),
      "did not ring: it was busy (SIP 486)",
    ],
    [
      "do not disturb",
      silent({ cause: "NO_USER_RESPONSE", status: 480, side: "callee" }),
      "did not ring: it was not available, as when it is set to do not disturb (SIP 480)",
    ],
    [
      "out of reach",
      silent({ cause: "RECOVERY_ON_TIMER_EXPIRE", status: 408, side: "callee" }),
      "did not ring: it did not respond (SIP 408)",
    ],
    [
      "a status without words",
      silent({ cause: "INTERWORKING", status: 421, side: "callee" }),
      "did not ring: it ended: interworking (SIP 421)",
    ],
    [
      "taken before it rang",
      [
        ...bobTakes,
        ...silent({ cause: "LOSE_RACE" }).slice(0, 1),
        [4_100, legEnded(...CAROL, { cause: "LOSE_RACE" })],
      ],
      "did not ring: Bob Stone took the call before",
    ],
    [
      "taken before its delay was over",
      [...bobTakes, [4_010, notRung(...CAROL, "not_yet", 5_000)]],
      "did not ring: it was to ring after 5 seconds, and Bob Stone took the call before",
    ],
    [
      "the step was over before its delay",
      [[9_000, notRung(...CAROL, "not_yet")]],
      "did not ring: it was to ring later, and the step was over before",
    ],
    [
      "taken by a colleague",
      [...bobTakes, ...it_rang(4_050, { cause: "LOSE_RACE" })],
      "rang for 4 seconds, until Bob Stone took the call",
    ],
    [
      "time over",
      it_rang(20_100, { cause: "NO_ANSWER" }),
      "rang for 20 seconds, until its time to ring was over",
    ],
    [
      "the caller gave up",
      it_rang(7_100, { cause: "ORIGINATOR_CANCEL", side: "caller" }),
      "rang for 7 seconds, until the caller hung up",
    ],
    [
      "declined",
      it_rang(3_100, { cause: "CALL_REJECTED", status: 603, side: "callee" }),
      "rang for 3 seconds, then declined the call (SIP 603)",
    ],
    [
      "lost",
      it_rang(3_100, { cause: "LOST", side: "unknown", isSeen: false }),
      "rang for 3 seconds, then was lost, and nobody saw how, at the latest at this time",
    ],
    [
      "rings now",
      [
        [4, dialled(...CAROL)],
        [100, rings(...CAROL)],
      ],
      "rings now",
    ],
  ])("%s", (_why, told, text) => {
    const { phones } = storyOf(recordOfTold([began(), ...told]), NAMES);
    expect(phones.filter(({ who }) => who === "carol.diaz").map((phone) => phone.text)).toEqual([text]);
  });

  it.each<[string, What[], string]>([
    [
      "presses nothing",
      [legEnded("alice.wong", "cell", { cause: "NORMAL_CLEARING" })],
      "but nobody pressed 1 in time, as with an answering machine",
    ],
    [
      "hangs up",
      [legEnded("alice.wong", "cell", { cause: "NORMAL_CLEARING", side: "callee" })],
      "but it hung up without pressing 1",
    ],
    [
      "declines",
      [
        { kind: "leg_declines", leg: legId("alice.wong", "cell") },
        legEnded("alice.wong", "cell", { cause: "NORMAL_CLEARING" }),
      ],
      "but the call was declined by key",
    ],
    [
      "is too late",
      [legEnded("alice.wong", "cell", { cause: "LOSE_RACE" })],
      "but somebody else had taken the call",
    ],
  ])("a phone that is asked to press 1 and %s", (_what, then, text) => {
    const told: Told[] = [
      began(),
      [4, dialled("alice.wong", "cell", { to: "+19175550144", carrier: "main" })],
      [2_000, rings("alice.wong", "cell")],
      [6_000, answered("alice.wong", "cell")],
      [6_300, { kind: "leg_asked", leg: legId("alice.wong", "cell") }],
      ...then.map((what): Told => [20_000, what]),
    ];
    expect(storyOf(recordOfTold(told), NAMES).phones[0]?.text).toBe(
      `rang for 4 seconds, was answered, ${text}`,
    );
  });

  it("a phone that rings already is not missed", () => {
    const told: Told[] = [began(), [4, dialled(...CAROL)], [5, notRung(...CAROL, "rung_already")]];
    expect(storyOf(recordOfTold(told), NAMES).phones).toHaveLength(1);
  });
});

describe("a call in a few words", () => {
  it.each([
    [
      "answered",
      GROUP_ANSWERED,
      "Bob Stone took the call after 4 seconds and talked with the caller for 2 minutes 5 seconds. The caller hung up.",
    ],
    ["a message", MESSAGE_LEFT, "Nobody answered, and the caller left a message in Alice Wong's mailbox."],
    [
      "transferred",
      TRANSFERRED,
      "Dan Okafor took the call after 19 seconds. Later Carol Díaz had the call. It lasted 1 hour 2 minutes from the first answer on. Carol Díaz hung up.",
    ],
    [
      "outside",
      TAKEN_OVER,
      "+1 415 555 0199 took the call after 15 seconds and talked with the caller for 1 minute. +1 415 555 0199 hung up.",
    ],
    ["missed", HOSTILE, "Nobody answered: the caller hung up after 25 seconds."],
    ["rings", GROUP_ANSWERED.slice(0, 10), "The call is in progress: it rings for Bob Stone."],
    ["talks", GROUP_ANSWERED.slice(0, 13), "The call is in progress: Bob Stone is in it."],
  ])("%s", (_what, told, text) => {
    expect(storyOf(recordOfTold(told), NAMES).ending).toBe(text);
  });

  it("says why a call outside was refused", () => {
    const told: Told[] = [
      began(),
      [1, { kind: "refused", number: "+99", why: "permission" }],
      [4_000, ended({ kind: "hung_up", reason: "declined" }, "office")],
    ];
    expect(storyOf(recordOfTold(told), NAMES).ending).toBe(
      "The call was refused: this user may not call outside. The call ended after 4 seconds.",
    );
  });
});

describe("several phones at once", () => {
  it("are one line", () => {
    const told: Told[] = [
      began(),
      [4, dialled("alice.wong", "desk")],
      [4, dialled("bob.stone", "desk")],
      [100, rings("alice.wong", "desk")],
      [130, rings("bob.stone", "desk")],
      [900, legEnded("alice.wong", "desk", { cause: "USER_BUSY", status: 486, side: "callee" })],
      [920, legEnded("bob.stone", "desk", { cause: "USER_BUSY", status: 486, side: "callee" })],
    ];
    const both = `Alice Wong's phone "desk" and Bob Stone's phone "desk"`;
    expect(storyOf(recordOfTold(told), NAMES).lines.slice(1)).toEqual([
      { atMs: BEGAN_MS + 100, text: `${both} began to ring.`, tone: "plain" },
      { atMs: BEGAN_MS + 900, text: `${both} were busy (SIP 486).`, tone: "faint" },
    ]);
  });
});

describe("whatever happens", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("alice.wong", "+12125550100", "<b>&\u001b[2J", "\u202egpj"),
  );
  const device = fc.constantFrom("desk", "cell", "");
  const someone = fc.record({ who: text, device });
  const anything: fc.Arbitrary<What> = fc.oneof(
    fc.constantFrom(...Object.values(SENTENCES).flatMap((rows) => rows.map(([what]) => what))),
    someone.map(({ who, device: which }) => dialled(who, which)),
    someone.map(({ who, device: which }) => rings(who, which)),
    someone.map(({ who, device: which }) => notRung(who, which, who)),
    someone.map(({ who, device: which }) => legEnded(who, which, { cause: who })),
    text.map((said): What => ({ kind: "step", text: said, names: [] })),
  );
  const calls = fc.array(fc.tuple(fc.nat(100_000), anything), { maxLength: 30 });

  it("each leg is told, and each sentence ends", () => {
    fc.assert(
      fc.property(calls, (told) => {
        const record = recordOfTold([began(), ...told.sort(([a], [b]) => a - b)]);
        const story = storyOf(record, NAMES);
        const legs = new Set(story.phones.flatMap((phone) => (phone.leg === null ? [] : [phone.leg])));
        expect([...legs].sort()).toEqual([...new Set(record.legs.map((each) => each.leg))].sort());
        for (const line of story.lines) expect(line.text).toMatch(/\.$/);
        expect(story.ending).toMatch(/\.$/);
      }),
    );
  });
});
