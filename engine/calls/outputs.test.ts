/** What an order becomes on the wire, where that decides whether a caller is kept. */
import { describe, expect, it } from "vitest";
import { toWire } from "./outputs.js";

const CALL = "11111111-2222-4333-8444-000000000000";
const around = {
  callId: CALL,
  country: "US",
  recordings: "/var/lib/ringline",
  freshId: () => CALL,
  savedState: () => "state",
};

describe("the guard of a caller who is being connected", () => {
  it("puts them back into park when the bridge fails, without a time after which they are hung up", () => {
    const wire = toWire({ type: "guard_caller", codec: null }, around);
    expect(wire).toEqual({
      verb: "api",
      line: `uuid_setvar_multi ${CALL} park_after_bridge=true;uuid_bridge_park_on_cancel=true`,
    });
  });

  it("has them answered with what the winner speaks", () => {
    const wire = toWire({ type: "guard_caller", codec: "PCMA" }, around);
    expect(wire).toMatchObject({ line: expect.stringContaining(";absolute_codec_string=PCMA") });
  });
});

describe("a caller who is connected", () => {
  it("takes nobody along when they leave, and can be taken over as connected", () => {
    const wire = toWire({ type: "unguard_caller" }, around);
    expect(wire).toEqual({
      verb: "api",
      line: `uuid_setvar_multi ${CALL} park_after_bridge=false;api_hangup_hook=;confirm_blind_transfer=true;ringline_state=state;ringline_waiting=no`,
    });
  });
});
