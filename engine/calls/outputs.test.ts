/** What an order becomes on the wire, where that decides whether a caller is kept. */
import { describe, expect, it } from "vitest";
import type { SilenceLevel } from "../../policy/mailbox/silence.js";
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
      line: `uuid_setvar_multi ${CALL} park_after_bridge=true;uuid_bridge_park_on_cancel=true;confirm_blind_transfer=true`,
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

describe("a recording", () => {
  const order = { type: "record", playId: CALL, message: "m", limitMs: 60_000 } as const;
  const silence = (silenceMs: number | null, silenceLevel: SilenceLevel) => {
    const wire = toWire({ ...order, silenceMs, silenceLevel }, around);
    if (wire.verb !== "sendmsg") throw new Error(wire.verb);
    const arg = wire.headers.find(([name]) => name === "execute-app-arg")?.[1];
    return arg?.replace("/var/lib/ringline/m.wav ", "");
  };

  // With Opus the switch counts silence six times too fast, so it gets six times as long (switch_ivr_play_say.c).
  it.each([
    ["the lowest level that a line can have, if the engine finds the level", 10_000, "auto", "60 16 60"],
    ["the level that the office sets", 3_000, 250, "60 250 18"],
    ["no silence detection where silence ends no message", null, "auto", "60 0 0"],
    ["no silence detection where nothing counts as silence", 3_000, "off", "60 0 0"],
  ] as const)("has on the switch %s", (_what, silenceMs, level, args) => {
    expect(silence(silenceMs, level)).toBe(args);
  });
});
