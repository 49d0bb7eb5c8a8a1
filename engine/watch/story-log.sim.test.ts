/**
 * Goal: every line of the log about a call has the call's id, and with `--redact-numbers` no line has a telephone number in
 * it. Method: random offices, phones and callers on the simulated switch; all lines that the engine writes, at every level,
 * go through the same log as that of `ringline run`.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testTerminal } from "../../fixtures/cli/run-program.js";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { ringingOffice } from "../../fixtures/offices/ringing.js";
import type { Office } from "../../policy/office/office.js";
import type { Script } from "../cli/explain/call-script.js";
import { type Phone, phonesOf } from "../cli/explain/phones.js";
import { playCall } from "../cli/explain/run.js";
import { engineLog } from "../cli/run/engine-log.js";
import { logStory } from "./story-log.js";

const CALLER = "+13105550123";
const START_MS = 1_772_442_000_400;

/** Lines about the engine, the office or the switch, which belong to no call. */
const ABOUT_NO_CALL: ReadonlySet<string> = new Set(["office loaded", "connected to the switch"]);
/** Commands about no call: the switch refuses to list claims where there are none. */
const FOR_NO_CALL: ReadonlySet<string> = new Set(["list the claims"]);

const situation = fc
  .oneof(
    officeArbitrary.filter(({ numbers }) => numbers.length > 0),
    ringingOffice,
    ringingOffice,
  )
  .chain((office) =>
    fc.record({
      office: fc.constant(office),
      dialled: fc.constantFrom(
        ...office.numbers.map(({ number }) =>
          number === "any" ? "+13105559999" : (number.split("..")[0] ?? ""),
        ),
      ),
      does: fc.array(fc.constantFrom("rings", "busy", "dnd", "away"), { minLength: 40, maxLength: 40 }),
      second: fc.integer({ min: 1, max: 20 }),
      giveUpSeconds: fc.integer({ min: 5, max: 120 }),
    }),
  );

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

function scriptOf({ office, dialled, does, second, giveUpSeconds }: Situation): Script {
  const phones = phonesOf(office);
  const named = (what: string) => new Set(phones.filter((_, n) => does[n] === what).map(({ name }) => name));
  const answers = (phone: Phone) => ({ phones: [phone], name: phone.name, second, digit: "1" });
  return {
    office,
    revision: 1,
    memory: [],
    dialled,
    caller: { kind: "outside", number: CALLER, name: `Jane ${CALLER.slice(2)}` },
    startMs: START_MS,
    away: named("away"),
    busy: named("busy"),
    dnd: named("dnd"),
    pickups: phones.slice(0, 1).map(answers),
    giveUpMs: giveUpSeconds * 1_000,
  };
}

async function linesOf(script: Script, redactNumbers: boolean): Promise<string[]> {
  const lines: string[] = [];
  const terminal = testTerminal({ openLog: () => ({ write: (line: string) => lines.push(line) }) });
  const log = engineLog({ logLevel: "trace", pretty: false, redactNumbers }, terminal);
  await playCall(script, { log, onNote: logStory(log) });
  return lines;
}

/** Every number that may come up: of the caller, the office, and phones outside. Seven digits or more: the others are extensions. */
function numbersOf({ office, dialled }: Situation): string[] {
  const digits = [CALLER, dialled, ...(JSON.stringify(office satisfies Office).match(/\+\d{7,15}/g) ?? [])];
  return digits.map((number) => number.replace(/\D/g, "")).filter((number) => number.length >= 7);
}

describe("the log of a call", () => {
  it("has no telephone number in any line when numbers are redacted, and has them when not", async () => {
    let shown = 0;
    await fc.assert(
      fc.asyncProperty(situation, async (played) => {
        const script = scriptOf(played);
        const redacted = await linesOf(script, true);
        expect(redacted.length).toBeGreaterThan(3);
        for (const line of redacted)
          for (const number of numbersOf(played)) {
            expect(line).not.toContain(number);
            expect(line).not.toContain(number.slice(1));
          }
        for (const line of redacted) expect(() => JSON.parse(line)).not.toThrow();
        const whole = await linesOf(script, false);
        expect(whole).toHaveLength(redacted.length);
        shown += whole.filter((line) => line.includes(CALLER)).length;
      }),
      { numRuns: 25 },
    );
    expect(shown).toBeGreaterThanOrEqual(25);
  });

  it("has the call's id in every line about the call", async () => {
    await fc.assert(
      fc.asyncProperty(situation, async (played) => {
        const lines = (await linesOf(scriptOf(played), false)).map((line) => JSON.parse(line));
        const [arrived] = lines.filter(({ msg }) => msg === "arrived");
        const without = lines.filter(
          ({ call, msg, for: purpose }) =>
            call === undefined && !ABOUT_NO_CALL.has(msg) && !FOR_NO_CALL.has(purpose),
        );
        expect(without).toEqual([]);
        const calls = new Set(lines.flatMap(({ call }) => (call === undefined ? [] : [call])));
        if (arrived !== undefined) expect([...calls]).toEqual([arrived.call]);
      }),
      { numRuns: 25 },
    );
  });
});
