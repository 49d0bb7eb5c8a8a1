/**
 * Goal: a caller for whom the switch rings phones is not lost when events are lost, when commands are slow, when a phone
 * hands the caller over, or when an engine dies between two commands. Method: the engine on the simulated switch, which
 * asks it.
 */
import { describe, expect, it } from "vitest";
import { answerLookUp, type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { group, office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, busy, neverAnswers, type PhoneScript } from "../../fixtures/switch/phone-script.js";
import type { Step } from "../../policy/steps/types.js";
import { NOT_FOUND_XML } from "../look-up-xml.js";

const CELL = "+19175550101";
const RING_MS = 10_000;
const SALES = { kind: "group", id: "sales" } as const;
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const rings = (target: Extract<Step, { kind: "ring" }>["target"]): Step => ({
  kind: "ring",
  target,
  timeoutMs: RING_MS,
  skip: false,
});
const whose = (username: string) => ({ kind: "user", username }) as const;

const USERS = [
  user("alice", [sipDevice("alice-desk")], { extension: "101" }),
  user("bobby", [sipDevice("bob-desk")], { extension: "102" }),
  user("carol", [sipDevice("carol-desk")], { extension: "103" }),
];
/** Alice, and then Bobby. */
const ONE_BY_ONE = office([rings(whose("alice")), rings(whose("bobby")), HANG_UP], { users: USERS });
/** Alice's desk phone, and a mobile that is asked to accept. */
const WITH_MOBILE = office([rings(SALES), HANG_UP], {
  users: [user("alice", [sipDevice("alice-desk")]), user("carol", [outsidePhone(CELL)])],
  groups: [group("sales", ["alice", "carol"])],
});
/** Alice and Bobby together, and then Carol. */
const TOGETHER = office([rings(SALES), rings(whose("carol")), HANG_UP], {
  users: USERS,
  groups: [group("sales", ["alice", "bobby"])],
});

function asked(where: typeof ONE_BY_ONE, phones: Readonly<Record<string, PhoneScript>>) {
  const { [CELL]: cell = neverAnswers(), ...desks } = phones;
  return openStage(where, desks, undefined, { asks: true, outside: { [CELL]: cell } });
}

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(50, untilMs - clock.nowMs()));
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const talked = ({ caller }: EngineStage) => caller.talked.map(({ withWhom }) => withWhom);

/** Every command about a call reaches the switch so much later. */
function slow({ link }: EngineStage, ms: number): void {
  link.fate = (line) => (/^(uuid_|sched_del)/.test(line) ? { kind: "held_up", ms } : undefined);
}

describe("a caller who parks when no phone has answered that the switch rang", () => {
  it("is not hung up in a later conversation when the event of the parking was lost", async () => {
    const stage = await asked(ONE_BY_ONE, { "alice-desk": busy(), "bob-desk": answers({ afterMs: 1_000 }) });
    let isLost = false;
    stage.link.loses = (event) => {
      const loses =
        !isLost && event["Event-Name"] === "CHANNEL_PARK" && event["Unique-ID"] === stage.caller.uuid;
      isLost ||= loses;
      return loses;
    };
    await pass(stage, 90_000);
    expect(isLost).toBe(true);
    expect(stage.caller.ending).toBeNull();
    expect(stage.caller.talked).toMatchObject([{ withWhom: "bob-desk", toMs: null }]);
  });
});

describe("a phone that has answered for longer than ten frames when it is ended", () => {
  it.each([
    [500, 10_100],
    [600, 10_050],
    [1_000, 10_400],
  ])("at the end of its time, by a command %i ms late: the next phone rings", async (lateMs, answersMs) => {
    const stage = await asked(ONE_BY_ONE, {
      "alice-desk": answers({ afterMs: answersMs }),
      "bob-desk": answers({ afterMs: 1_000 }),
    });
    slow(stage, lateMs);
    const heard: string[] = [];
    stage.caller.onNews = (news) => {
      if (news.kind === "hears") heard.push(news.sound);
    };
    await pass(stage, 20_000);
    // The switch has answered the caller, whose network makes no tone of ringing any more.
    expect(heard).toContainEqual(expect.stringContaining("tone_stream"));
    expect(talked(stage)).toEqual(["alice-desk", "bob-desk"]);
    expect(stage.caller.ending).toBeNull();
  });

  it.each([
    [600, 2_550],
    [1_000, 2_600],
    [1_000, 2_900],
  ])(
    "because a mobile has accepted, by a command %i ms late: the mobile has the caller",
    async (lateMs, answersMs) => {
      const stage = await asked(WITH_MOBILE, {
        "alice-desk": answers({ afterMs: answersMs }),
        [CELL]: answers({ afterMs: 1_000, keys: [{ afterMs: 1_500, digit: "1" }] }),
      });
      slow(stage, lateMs);
      await pass(stage, 20_000);
      expect(talked(stage)).toEqual(["alice-desk", CELL]);
      expect(stage.caller.ending).toBeNull();
    },
  );
});

describe("a caller whom a phone that the switch rang hands to somebody they talk to (RFC 3891)", () => {
  /** Bobby and Carol talk. Bobby then takes the caller, and joins the two. */
  async function handedOver(where: typeof ONE_BY_ONE, dies: "before" | "after") {
    const phones = {
      "alice-desk": answers({ afterMs: 1_000 }),
      "bob-desk": answers({ afterMs: 1_000 }),
      "carol-desk": answers({ afterMs: 300 }),
    };
    const stage = await asked(
      where,
      where === TOGETHER ? { ...phones, "alice-desk": neverAnswers() } : phones,
    );
    const { sw, caller } = stage;
    const own = sw.call({ dialled: "103", callerNumber: "bob-desk", context: "phones" });
    await pass(stage, 800);
    if (dies === "before") stage.die();
    await pass(stage, 1_500);
    const colleague = sw.find(own.uuid)?.bridge?.peer;
    const channel = sw.find(caller.uuid);
    if (colleague === undefined || channel?.bridge === null || channel === undefined)
      throw new Error("nobody talks");
    sw.joinPartners(colleague, channel);
    await pass(stage, 500);
    stage.die();
    await stage.start();
    // Longer than any ringing that the next engine may think is going on.
    await pass(stage, 3 * RING_MS);
    expect(caller.talked.at(-1)).toMatchObject({ withWhom: "carol-desk", toMs: null });
    colleague.hangup("NORMAL_CLEARING");
    await pass(stage, 5_000);
    return stage;
  }

  it.each(["before", "after"] as const)(
    "is in a conversation for an engine that takes over, when the first died %s that, and nobody rings again",
    async (dies) => {
      for (const where of [ONE_BY_ONE, TOGETHER]) {
        const stage = await handedOver(where, dies);
        expect(stage.caller.ending).toBe("bye");
        expect(talked(stage)).toHaveLength(2);
        expect(stage.notes.filter(({ kind }) => kind === "rollover")).toEqual([]);
      }
    },
  );

  it("was answered by the phone that had them, also for an engine that takes over later", async () => {
    const stage = await handedOver(TOGETHER, "after");
    expect(stage.notes).toContainEqual(
      expect.objectContaining({ kind: "ended", ending: { kind: "answered", by: "bobby" } }),
    );
  });
});

describe("a caller who parks because the answer was not used", () => {
  it("is left to the fallback until the claim is won: an engine that dies before strands nobody", async () => {
    const stage = await asked(ONE_BY_ONE, { "alice-desk": neverAnswers(), "bob-desk": neverAnswers() });
    stage.caller.hangup();
    await pass(stage, 2_000);
    stage.sw.lookUps = (form, reply) =>
      answerLookUp(stage.engine, form, () => reply({ status: 200, body: NOT_FOUND_XML }));
    stage.link.fate = (line) => (line.startsWith("hash insert") ? { kind: "not_sent" } : undefined);
    const caller = stage.sw.call({
      dialled: "+12125550100",
      callerNumber: "+19175550199",
      context: "inbound",
    });
    await pass(stage, 500);
    stage.die();
    await pass(stage, 30_000);
    expect(caller.finalStatus).toBe(503);
  });
});

describe("a caller who dialled what looks escaped", () => {
  it("is not taken for one whom a phone has transferred, since the question does not tell %2B from a plus", async () => {
    const stage = await asked(ONE_BY_ONE, { "alice-desk": busy(), "bob-desk": answers({ afterMs: 1_000 }) });
    stage.caller.hangup();
    await pass(stage, 2_000);
    stage.sw.lookUps = (form, reply) =>
      answerLookUp(stage.engine, { ...form, "Caller-Destination-Number": "+12125550100" }, reply);
    // The event of the phone's end comes behind that of the caller's parking.
    stage.link.loses = (event) =>
      event["Event-Name"] === "CHANNEL_HANGUP_COMPLETE" && event["Call-Direction"] === "outbound";
    const caller = stage.sw.call({
      dialled: "%2B12125550100",
      callerNumber: "+19175550199",
      context: "inbound",
    });
    await pass(stage, 20_000);
    expect(stage.notes.filter(({ kind }) => kind === "transferred" || kind === "connected")).toHaveLength(1);
    expect(caller.talked.map(({ withWhom }) => withWhom)).toEqual(["bob-desk"]);
  });
});
