/**
 * Goal: a number that somebody proves is called once, by the carriers in order, within what the office allows; the code is
 * said and nothing else, and what became of the call is kept. Method: commands and events of a switch, on a virtual clock.
 */
import pino from "pino";
import { describe, expect, it } from "vitest";
import { office, user } from "../../fixtures/core/scene.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Office } from "../../policy/office/office.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { ProofCall } from "../../storage/accounts/number-proofs.js";
import type { Reply, SwitchEvent, WireCommand } from "../switch/wire.js";
import { ProofCalls } from "./proof-calls.js";

const CALL: ProofCall = { id: "p1", username: "alice", number: "+12125550144", code: "407713" };
const TWO: Office = office([], {
  users: [user("alice", [], { outboundNumber: "+12125550100" })],
  carriers: [
    { id: "main", proxy: "sip.example.net" },
    { id: "backup", proxy: "sip.example.org" },
  ],
});

function setUp(live: Office = TWO, use = { callsAtOnce: 0 }) {
  const clock = new VirtualClock();
  const waiting: ProofCall[] = [];
  const became: string[] = [];
  const sent: string[] = [];
  const counted: string[] = [];
  const said: string[] = [];
  let reply: Reply = { outcome: "ok", text: "" };
  const calls = new ProofCalls({
    link: {
      send: (command: WireCommand, done: (reply: Reply) => void) => {
        const text =
          "line" in command
            ? command.line
            : `${command.headers.map(([, value]) => value).join(" ")} ${command.body ?? ""}`;
        sent.push(text);
        done(reply);
      },
    },
    clock,
    ids: new SeededIds(3),
    log: pino({}, { write: (line: string) => void said.push(line) }),
    store: {
      hasCalls: async () => waiting.length > 0,
      takeCalls: async () => waiting.splice(0),
      called: async (id, state, why) => void became.push([id, state, why].join(" ")),
    },
    table: () => RoutingTable.of(live, 1),
    outside: {
      callsAtOnce: () => use.callsAtOnce,
      minutes: () => 0,
      dialled: ({ dial }) => void counted.push(dial.kind === "gateway" ? (dial.payer ?? "") : "nobody"),
    },
  });
  const legs = () => sent.flatMap((line) => /origination_uuid=([0-9a-f-]+)/.exec(line)?.[1] ?? []);
  return {
    ...{ calls, clock, became, sent, counted, said, legs },
    answer: (next: Reply) => {
      reply = next;
    },
    /** Somebody asks, and the engine looks. */
    ask: async (call: ProofCall = CALL) => {
      waiting.push(call);
      clock.advanceBy(1_000);
      await settled();
    },
    job: (body: string) =>
      calls.event({ "Event-Name": "BACKGROUND_JOB", "Job-UUID": legs().at(-1), _body: body } as SwitchEvent),
    event: (name: string) => calls.event({ "Event-Name": name, "Unique-ID": legs().at(-1) } as SwitchEvent),
  };
}

async function settled(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
}

describe("a number that somebody proves", () => {
  it("is called as the user's outside calls are, and hears the code twice", async () => {
    const { calls, ask, sent, job, event, became, counted } = setUp();
    calls.linkUp();
    await ask();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(
      /origination_caller_id_number=\+12125550100.*sofia\/gateway\/main\/\+12125550144 &park/,
    );
    expect(counted).toEqual(["user:alice"]);
    job("+OK");
    const digits = "digit-4.wav!digit-0.wav!digit-7.wav!digit-7.wav!digit-1.wav!digit-3.wav";
    expect(sent[1]).toContain(
      `file_string://proof-intro.wav!${digits}!proof-again.wav!${digits}!proof-end.wav`,
    );
    expect(became).toEqual(["p1 said "]);
    event("CHANNEL_EXECUTE_COMPLETE");
    expect(sent[2]).toMatch(/^uuid_kill .* NORMAL_CLEARING$/);
    event("CHANNEL_HANGUP_COMPLETE");
    expect(sent).toHaveLength(3);
  });

  it("is called by the next carrier when one fails, and not again when somebody declines", async () => {
    const { calls, ask, job, sent, became } = setUp();
    calls.linkUp();
    await ask();
    job("-ERR NORMAL_TEMPORARY_FAILURE");
    expect(sent[1]).toContain("sofia/gateway/backup/+12125550144");
    job("-ERR USER_BUSY");
    expect(sent).toHaveLength(2);
    expect(became).toEqual(["p1 failed user_busy"]);
  });

  it.each([
    [
      "who may not cause calls outside",
      { ...TWO, users: [user("alice", [], { permissions: { outside_calls: false } })] },
      0,
      "permission",
    ],
    ["who is gone", { ...TWO, users: [] }, 0, "permission"],
    ["whose calls at once are used up", TWO, 99, "user_calls_at_once"],
    ["without a carrier", { ...TWO, carriers: [] }, 0, "no_carrier"],
  ])("is not called for a user %s", async (_who, live, callsAtOnce, why) => {
    const { calls, ask, sent, became } = setUp(live, { callsAtOnce });
    calls.linkUp();
    await ask();
    expect(sent).toEqual([]);
    expect(became).toEqual([`p1 failed ${why}`]);
  });

  it("is not called outside of the places that the office calls", async () => {
    const { calls, ask, sent, became } = setUp();
    calls.linkUp();
    await ask({ ...CALL, number: "+442071838750" });
    expect([sent, became]).toEqual([[], ["p1 failed place"]]);
  });

  it("is not called while the switch is away, and a call that was under way has failed", async () => {
    const { calls, ask, sent, became } = setUp();
    await ask();
    expect(sent).toEqual([]);
    calls.linkUp();
    await ask();
    calls.linkDown();
    expect(became.filter((line) => line.endsWith("connection_lost"))).not.toEqual([]);
  });

  it("does not talk for ever: the call ends when nothing is heard of it", async () => {
    const { calls, ask, sent, job, clock } = setUp();
    calls.linkUp();
    await ask();
    job("+OK");
    clock.advanceBy(120_000);
    expect(sent.filter((line) => line.startsWith("uuid_kill"))).toHaveLength(1);
  });

  it("is refused by the switch: that is said", async () => {
    const { calls, ask, answer, became } = setUp();
    answer({ outcome: "refused", text: "-ERR" });
    calls.linkUp();
    await ask();
    expect(became).toEqual(["p1 failed switch_refused"]);
  });

  it("never stands in the log with its code", async () => {
    const { calls, ask, job, said } = setUp();
    calls.linkUp();
    await ask();
    job("+OK");
    expect(said.join()).not.toContain(CALL.code);
  });
});
