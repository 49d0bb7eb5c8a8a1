/** What an order becomes on the wire, where that decides whether a caller is kept. */
import { describe, expect, it } from "vitest";
import { toWire } from "./outputs.js";

const CALL = "11111111-2222-4333-8444-000000000000";
const around = { callId: CALL, country: "US", freshId: () => CALL };

describe("the guard of a caller who is being connected", () => {
  it("puts them back into park when the bridge fails, without a time after which they are hung up", () => {
    const wire = toWire({ type: "guard_caller" }, around);
    expect(wire).toEqual({
      verb: "api",
      line: `uuid_setvar_multi ${CALL} park_after_bridge=true;uuid_bridge_park_on_cancel=true`,
    });
  });
});
