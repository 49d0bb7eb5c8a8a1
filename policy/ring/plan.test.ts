/**
 * Goal: the ring plan says which devices ring when, under which accept rule and caller id, and which do not, and why.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { MEMBER_RING_MS } from "../call/bounds.js";
import type { World } from "../call/world.js";
import type { AcceptRule, CallerIdMode, Device, Member, Office, Strategy } from "../office/office.js";
import { given } from "../office/optional.js";
import { RoutingTable } from "../routing/table.js";
import type { RingStep } from "../steps/ring/step.js";
import type { Showing } from "./caller-id.js";
import { planRing, type RingPlan } from "./plan.js";

const SHOW: Showing = {
  callerNumber: "+19175550199",
  callerName: "Caller",
  called: NUMBER,
  prefix: null,
  payer: "office",
  emergency: false,
  from: null,
};

function ring(more: Partial<RingStep> = {}): RingStep {
  return { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 20_000, skip: false, ...more };
}

function worldOf(anOffice: Office, more: Partial<World> = {}): World {
  return {
    office: RoutingTable.of(anOffice, 1),
    contactsOf: (sip) => [{ url: `sofia/phones/sip:${sip}@192.0.2.1` }],
    memory: { rungFirst: () => undefined, answeredMs: () => undefined, byHand: () => undefined },
    ...more,
  };
}

function member(username: string, more: Partial<Member> = {}): Member {
  return { username, delayMs: 0, ringMs: null, calls: true, voicemail: true, ...more };
}

const NAMES = ["alice", "bobby", "carol", "david"];
const FOUR = office([], {
  users: NAMES.map((name) => user(name, [sipDevice(`${name}-desk`)])),
  groups: [group("sales", NAMES)],
});

function withStrategy(strategy: Strategy): Office {
  return { ...FOUR, groups: [group("sales", NAMES, { strategy })] };
}

function order(plan: RingPlan): string[] {
  return [...plan.stations].sort((a, b) => a.slot - b.slot).map(({ who }) => who);
}

describe("strategies", () => {
  it("simultaneous rings all at once, for as long as the step", () => {
    const plan = planRing(ring(), SHOW, worldOf(FOUR), "seed");
    expect(plan.slotMs).toEqual([null]);
    expect(plan.stations.map(({ slot, startMs, endMs }) => [slot, startMs, endMs])).toEqual(
      NAMES.map(() => [0, 0, null]),
    );
  });

  it("in order rings one after the other, each for the default time", () => {
    const plan = planRing(ring(), SHOW, worldOf(withStrategy("in_order")), "seed");
    expect(order(plan)).toEqual(NAMES);
    expect(plan.slotMs).toEqual(NAMES.map(() => MEMBER_RING_MS));
  });

  it.each([
    [undefined, ["alice", "bobby", "carol", "david"]],
    ["alice", ["bobby", "carol", "david", "alice"]],
    ["david", ["alice", "bobby", "carol", "david"]],
    ["somebody who left", ["alice", "bobby", "carol", "david"]],
  ])("rotating starts after %s, the member rung first last time", (last, expected) => {
    const world = worldOf(withStrategy("rotating"), {
      memory: { rungFirst: () => last, answeredMs: () => undefined, byHand: () => undefined },
    });
    const plan = planRing(ring(), SHOW, world, "seed");
    expect(order(plan)).toEqual(expected);
    expect(plan.rungFirst).toEqual({ group: "sales", username: expected[0] });
  });

  it("rotating does not count a member who cannot be rung as the first", () => {
    const world = worldOf(withStrategy("rotating"), {
      contactsOf: (sip) => (sip === "alice-desk" ? [] : [{ url: `sofia/phones/sip:${sip}@192.0.2.1` }]),
    });
    expect(planRing(ring(), SHOW, world, "seed").rungFirst?.username).toBe("bobby");
  });

  it("longest idle starts with members who never answered, then with the least recent answer", () => {
    const answered: Record<string, number> = { alice: 3_000, carol: 1_000, david: 2_000 };
    const world = worldOf(withStrategy("longest_idle"), {
      memory: { rungFirst: () => undefined, answeredMs: (name) => answered[name], byHand: () => undefined },
    });
    expect(order(planRing(ring(), SHOW, world, "seed"))).toEqual(["bobby", "carol", "david", "alice"]);
  });

  it("random draws every order about equally often, and always the same for the same call", () => {
    const world = worldOf(withStrategy("random"));
    const first = new Map<string, number>();
    for (let i = 0; i < 4_000; i++) {
      const [name = ""] = order(planRing(ring(), SHOW, world, `call-${i}`));
      first.set(name, (first.get(name) ?? 0) + 1);
    }
    for (const name of NAMES) expect(first.get(name)).toBeGreaterThan(850);
    expect(order(planRing(ring(), SHOW, world, "x"))).toEqual(order(planRing(ring(), SHOW, world, "x")));
  });

  it("a step's strategy beats the group's", () => {
    const plan = planRing(ring({ strategy: "in_order" }), SHOW, worldOf(FOUR), "seed");
    expect(plan.slotMs).toHaveLength(4);
  });
});

describe("windows nest", () => {
  it.each([
    ["a device's delay inside its member's", { delayMs: 5_000 }, { delayMs: 3_000 }, 8_000, null],
    ["a device's ring time", {}, { ringMs: 7_000 }, 0, 7_000],
    ["a member's ring time", { ringMs: 9_000 }, {}, 0, 9_000],
    ["the earlier end wins", { ringMs: 9_000 }, { delayMs: 4_000, ringMs: 20_000 }, 4_000, 9_000],
    ["a delayed member's ring time", { delayMs: 5_000, ringMs: 9_000 }, {}, 5_000, 14_000],
  ] as const)("%s", (_what, ofMember, ofDevice, startMs, endMs) => {
    const anOffice = office([], {
      users: [user("alice", [sipDevice("desk", ofDevice)])],
      groups: [group("sales", [], { members: [member("alice", ofMember)] })],
    });
    const [station] = planRing(ring(), SHOW, worldOf(anOffice), "seed").stations;
    expect([station?.startMs, station?.endMs]).toEqual([startMs, endMs]);
  });

  it("a device whose delay outlasts its member's time does not ring", () => {
    const anOffice = office([], {
      users: [user("alice", [sipDevice("desk"), sipDevice("late", { delayMs: 10_000 })])],
      groups: [group("sales", [], { members: [member("alice", { ringMs: 9_000 })] })],
    });
    const plan = planRing(ring(), SHOW, worldOf(anOffice), "seed");
    expect(plan.stations.map(({ device }) => device)).toEqual(["desk"]);
    expect(plan.notRung).toEqual([{ who: "alice", device: "late", reason: "never_in_time" }]);
  });

  it("no device of a suspended user rings", () => {
    const phones = [sipDevice("desk"), outsidePhone("+19175550144")];
    const anOffice = office([], {
      users: [user("alice", phones, { suspended: true }), user("bobby", [sipDevice("bob-desk")])],
      groups: [group("sales", ["alice", "bobby"])],
    });
    const plan = planRing(ring(), SHOW, worldOf(anOffice), "seed");
    expect(plan.stations.map(({ who }) => who)).toEqual(["bobby"]);
    expect(plan.notRung).toEqual([{ who: "alice", device: null, reason: "suspended" }]);
  });

  it("stations never end before they start, and never outlast their slot", () => {
    const time = fc.option(fc.integer({ min: 1_000, max: 60_000 }), { nil: null });
    const delay = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ delayMs: delay, ringMs: time, device: fc.record({ delayMs: delay, ringMs: time }) }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.constantFrom<Strategy>("simultaneous", "in_order"),
        (people, strategy) => {
          const names = people.map((_, i) => `user${i}`);
          const anOffice = office([], {
            users: people.map(({ device }, i) => user(`user${i}`, [sipDevice(`phone${i}`, device)])),
            groups: [
              group("sales", [], {
                strategy,
                members: people.map(({ delayMs, ringMs }, i) => member(names[i] ?? "", { delayMs, ringMs })),
              }),
            ],
          });
          const plan = planRing(ring(), SHOW, worldOf(anOffice), "seed");
          for (const station of plan.stations) {
            const slotMs = plan.slotMs[station.slot] ?? Number.POSITIVE_INFINITY;
            const endMs = station.endMs ?? Number.POSITIVE_INFINITY;
            expect(endMs).toBeGreaterThan(station.startMs);
            if (station.endMs !== null) expect(endMs).toBeLessThanOrEqual(slotMs);
          }
          expect(plan.stations.length + plan.notRung.length).toBe(people.length);
        },
      ),
    );
  });
});

describe("what is not rung, and why", () => {
  it.each([
    ["a member whose calls are off", { members: [member("alice", { calls: false })] }, "calls_off"],
    ["a member who is not there any more", { members: [member("nobody")] }, "unknown"],
  ])("%s", (_who, more, reason) => {
    const anOffice = { ...FOUR, groups: [group("sales", [], more)] };
    const plan = planRing(ring(), SHOW, worldOf(anOffice), "seed");
    expect(plan.stations).toEqual([]);
    expect(plan.notRung.map((one) => one.reason)).toEqual([reason]);
  });

  it("a number that two members share rings once", () => {
    const anOffice = office([], {
      users: [user("alice", [outsidePhone("+19175550101")]), user("bobby", [outsidePhone("+19175550101")])],
      groups: [group("sales", ["alice", "bobby"])],
    });
    const plan = planRing(ring(), SHOW, worldOf(anOffice), "seed");
    expect(plan.stations.map(({ who }) => who)).toEqual(["alice"]);
    expect(plan.notRung).toEqual([{ who: "bobby", device: "cell", reason: "rung_already" }]);
  });

  it("a phone does not ring for its own call, its user's other phones do", () => {
    const anOffice = office([], {
      users: [user("alice", [sipDevice("desk"), sipDevice("soft")])],
      groups: [group("sales", ["alice"])],
    });
    const show = { ...SHOW, from: { username: "alice", device: "desk" } };
    const plan = planRing(ring(), show, worldOf(anOffice), "seed");
    expect(plan.stations.map(({ device }) => device)).toEqual(["soft"]);
    expect(plan.notRung[0]?.reason).toBe("own_device");
  });

  it("an outside phone in an office without a carrier", () => {
    const anOffice = office([], {
      carriers: [],
      users: [user("alice", [outsidePhone("+19175550101")])],
      groups: [group("sales", ["alice"])],
    });
    expect(planRing(ring(), SHOW, worldOf(anOffice), "seed").notRung[0]?.reason).toBe("no_carrier");
  });
});

describe("the accept rule", () => {
  const sip = (accept: AcceptRule): Device => sipDevice("desk", { accept });
  const cell = (accept: AcceptRule): Device => outsidePhone("+19175550101", { accept });
  it.each([
    [undefined, sip("auto"), false],
    [undefined, cell("auto"), true],
    [undefined, sip("always"), true],
    [undefined, cell("never"), false],
    ["auto", sip("always"), true],
    ["auto", cell("auto"), true],
    ["always", sip("never"), true],
    ["always", sip("auto"), true],
    ["never", cell("always"), false],
    ["never", cell("auto"), false],
  ] as const)(
    "step %s with a device %o asks: %s, directly and through a group alike",
    (step, device, asks) => {
      const anOffice = office([], { users: [user("alice", [device])], groups: [group("sales", ["alice"])] });
      const more = given({ accept: step });
      for (const target of [
        { kind: "group", id: "sales" },
        { kind: "user", username: "alice" },
      ] as const) {
        const plan = planRing(ring({ target, ...more }), SHOW, worldOf(anOffice), "seed");
        expect(plan.stations.map(({ accept }) => accept)).toEqual([asks]);
      }
    },
  );
});

describe("the number that is shown", () => {
  const anOffice = (outsideCallerId: CallerIdMode) =>
    office([], {
      outsideCallerId,
      users: [
        user("alice", [sipDevice("desk"), outsidePhone("+19175550101")]),
        user("bobby", [], { outboundNumber: "+12125550102", extension: "102" }),
      ],
      groups: [group("sales", ["alice"])],
    });

  it.each([
    [{ kind: "caller" }, "+19175550199", NUMBER, NUMBER],
    [{ kind: "called" }, NUMBER, null, NUMBER],
    [{ kind: "fixed", number: "+12125550111" }, "+12125550111", NUMBER, "+12125550111"],
  ] as const)("to outside phones by the office's choice: %o", (mode, number, diversion, asserted) => {
    const [desk, cell] = planRing(ring(), SHOW, worldOf(anOffice(mode)), "seed").stations;
    expect(desk).toMatchObject({ callerNumber: "+19175550199", diversion: null, asserted: null });
    expect(cell).toMatchObject({ callerNumber: number, diversion, asserted });
  });

  it("to outside phones is, for a call from inside, a number of the office and never the extension", () => {
    const show: Showing = {
      ...SHOW,
      callerNumber: "102",
      called: null,
      from: { username: "bobby", device: "desk" },
    };
    const [, cell] = planRing(ring(), show, worldOf(anOffice({ kind: "caller" })), "seed").stations;
    expect(cell).toMatchObject({ callerNumber: "+12125550102", asserted: "+12125550102" });
  });

  it("to SIP phones has the prefix that the office gives", () => {
    const plan = planRing(
      ring(),
      { ...SHOW, prefix: "Sales:" },
      worldOf(anOffice({ kind: "caller" })),
      "seed",
    );
    expect(plan.stations[0]?.callerName).toBe("Sales: Caller");
  });
});
