/**
 * Goal: every target in a part of an office is found, wherever it stands, and nothing else is taken for a target.
 * Method: steps and other parts of offices, with targets and with values that resemble them.
 */
import { describe, expect, it } from "vitest";
import type { Target } from "./target.js";
import { targetsIn, withTargets } from "./targets.js";

const ALICE: Target = { kind: "user", username: "alice" };
const SALES: Target = { kind: "group", id: "sales" };

describe("targets", () => {
  it.each<[string, unknown, Target[]]>([
    ["of a step", { kind: "ring", target: ALICE, timeoutMs: null, skip: false }, [ALICE]],
    ["of a step whose field is called otherwise", { kind: "voicemail", box: SALES }, [SALES]],
    ["deep inside what is said of a user", { voicemail: { email: "none", operator: ALICE } }, [ALICE]],
    ["of a list", [SALES, { target: ALICE }], [SALES, ALICE]],
  ])("are found: %s", (_where, value, found) => {
    expect(targetsIn(value)).toEqual(found);
  });

  it.each<[string, unknown]>([
    ["a member", { username: "alice", calls: true }],
    ["a number's named flow", { kind: "flow", flow: "front-desk" }],
    ["an outside phone", { kind: "phone", number: "+12125550100" }],
    ["a fixed caller id", { kind: "fixed", number: "+12125550100" }],
    ["a hangup", { kind: "hangup", reason: "busy" }],
    ["an announcement", { kind: "announce", sound: "user" }],
    ["nothing", null],
    ["a text", "user:alice"],
  ])("are not seen in %s", (_what, value) => {
    expect(targetsIn(value)).toEqual([]);
  });

  it("are replaced in place, and a value without one is returned itself", () => {
    const steps = [
      { kind: "announce", sound: "closed" },
      { kind: "voicemail", box: ALICE },
    ];
    const changed = withTargets(steps, () => SALES);
    expect(changed).toEqual([
      { kind: "announce", sound: "closed" },
      { kind: "voicemail", box: SALES },
    ]);
    expect(changed[0]).toBe(steps[0]);
    expect(withTargets(steps, (target) => target)).toBe(steps);
  });
});
