/** What an order becomes on the wire, where that decides whether a caller is kept. */
import { describe, expect, it } from "vitest";
import type { SilenceLevel } from "../../policy/mailbox/silence.js";
import type { Carrier } from "../../policy/office/office.js";
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

describe("a leg through a carrier", () => {
  const order = {
    type: "dial",
    leg: CALL,
    station: 0,
    native: false,
    dial: { kind: "gateway", carrier: "main", number: "+498912345678" },
    deadmanMs: 60_000,
    callerName: "Praxis",
    callerNumber: "+493023125042",
    diversion: "+49302312500",
    asserted: "+49302312500",
    codecs: "",
  } as const;
  const line = (carrier: Partial<Carrier> | null) => {
    const wire = toWire(order, {
      ...around,
      country: "DE",
      carrierOf: (id) => (carrier === null ? undefined : { id, proxy: "sip.example.net:5062", ...carrier }),
    });
    if (wire.verb !== "bgapi") throw new Error(wire.verb);
    return wire.line;
  };

  it.each<[Partial<Carrier> | null, string, string, string]>([
    [null, "+498912345678", "+493023125042", "<tel:+49302312500>"],
    [{}, "+498912345678", "+493023125042", "<tel:+49302312500>"],
    [
      { wantsNumbers: "e164_without_plus" },
      "498912345678",
      "493023125042",
      "<sip:49302312500@sip.example.net:5062>",
    ],
    [{ wantsNumbers: "national" }, "08912345678", "03023125042", "<sip:0302312500@sip.example.net:5062>"],
    [{ wantsNumbers: "00" }, "00498912345678", "00493023125042", "<sip:0049302312500@sip.example.net:5062>"],
    // Brackets would not survive in a variable.
    [
      { wantsNumbers: "00", proxy: "[2001:db8::7]" },
      "00498912345678",
      "00493023125042",
      "<tel:0049302312500>",
    ],
  ])("of %j is sent %s, shown %s, asserted %s", (carrier, dialled, shown, asserted) => {
    const sent = line(carrier).replaceAll("'", "");
    expect(sent).toContain(`sofia/gateway/main/${dialled} `);
    expect(sent).toContain(`origination_caller_id_number=${shown},`);
    expect(sent).toContain(`sip_h_P-Asserted-Identity=${asserted},`);
    expect(sent).toContain(`sip_h_Diversion=${asserted};reason=unconditional,`);
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
