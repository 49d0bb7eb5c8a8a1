/** Goal: what of a call costs something is read off its record. Method: the records of the sample calls, and changes of one. */
import { describe, expect, it } from "vitest";
import { outsideCall } from "../../fixtures/records/outside-calls.js";
import { sampleRecords } from "../../fixtures/records/sample-records.js";
import { fold } from "../record/fold.js";
import { chargesOf } from "./charges.js";

describe("the sample calls", () => {
  it("cost something where an outside phone has answered, and help that was called for does not", async () => {
    const { records } = await sampleRecords();
    const charges = records.flatMap((record) => chargesOf(record).map((charge) => ({ record, charge })));
    const outside = records.flatMap(({ legs }) => legs).filter(({ carrier }) => carrier !== null);
    expect(outside.length).toBeGreaterThan(charges.length);
    expect(
      charges.map(({ record, charge }) => [record.called, charge.dialled, charge.shown, charge.user]),
    ).toEqual([
      // Alice's mobile, which was asked to press 1.
      ["+12125550101", "+19175550144", "+12125550101", "alice.wong"],
      ["+12125550112", "+16465550199", "+12125550112", null],
      ["+16465550177", "+16465550177", "+12125550101", "alice.wong"],
    ]);
    for (const { charge } of charges) expect(charge.endedMs).toBeGreaterThan(charge.answeredMs);
  });
});

describe("a call outside", () => {
  const at = Date.UTC(2026, 10, 30, 17);
  it("costs something from its answer on, while it goes on", () => {
    const [charge] = chargesOf(fold(undefined, outsideCall({ id: "a", answeredMs: at, seconds: null })));
    expect(charge).toMatchObject({ answeredMs: at, endedMs: null });
  });

  it("never has the caller's own number as the one that was shown", () => {
    const began = { direction: "in", from: "+19175550144", user: null, called: "+12125550100" } as const;
    const call = outsideCall({ id: "a", answeredMs: at, seconds: 5, shows: "+19175550144", began });
    expect(JSON.stringify(chargesOf(fold(undefined, call)))).not.toContain("+19175550144");
  });
});
