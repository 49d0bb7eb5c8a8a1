/** Goal: what a dump of a channel says about the caller is read rightly. Method: dumps as the switch gives them. */
import { describe, expect, it } from "vitest";
import type { SwitchEvent } from "../switch/wire.js";
import { bridgedTo, isParked } from "./resync.js";

const LEG = "0a0cdad5-aaf8-87e7-902e-0d8c1dcfba6d";

function dump(state: string, application: string, more: Readonly<Record<string, string>> = {}): SwitchEvent {
  return { "Channel-State": state, variable_current_application: application, ...more } as SwitchEvent;
}

describe("a caller whom the switch itself has connected", () => {
  it.each([
    ["talks", dump("CS_EXECUTE", "bridge", { variable_bridge_to: LEG })],
    // A phone that puts the caller on hold lets the switch play to them, and the name of that application stays.
    ["is or was on hold", dump("CS_EXECUTE", "playback", { variable_bridge_to: LEG })],
  ])("and who %s is in the bridge, and not parked", (_what, found) => {
    expect(bridgedTo(found)).toBe(LEG);
    expect(isParked(found)).toBe(false);
  });

  it.each([
    ["for whom phones ring", dump("CS_EXECUTE", "bridge"), false],
    ["who is parked", dump("CS_EXECUTE", "park"), true],
    ["who hears something in park", dump("CS_EXECUTE", "playback"), true],
    ["whom a failed bridge has parked", dump("CS_PARK", "uuid_bridge", { variable_bridge_uuid: LEG }), true],
  ])("a caller %s is in no bridge", (_what, found, parked) => {
    expect(bridgedTo(found)).toBeNull();
    expect(isParked(found)).toBe(parked);
  });
});
