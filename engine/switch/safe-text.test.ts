/**
 * Goal: the switch's guards refuse nothing that an office file may say, so that nothing passes `check` and then never
 * rings. Method: texts that the file's own patterns make, put into every command that takes them.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sipName } from "../../policy/office-file/fields.js";
import * as commands from "./commands.js";
import { encode } from "./encode.js";
import { isSipName } from "./safe-text.js";

const DOMAIN = "office.example";
const COUNTS = { fresh: 1, old: 0, freshUrgent: 0, oldUrgent: 0 };

function everyCommandWith(name: string) {
  return [
    commands.flushUser(name, DOMAIN),
    commands.flushRegistrations("phones", name, DOMAIN),
    ...commands.hangUpPhone("NORMAL_CLEARING", name),
    commands.messageWaiting(name, DOMAIN, COUNTS),
  ];
}

function isSentAsIs(name: string): boolean {
  return everyCommandWith(name).every((command) => encode(command).ok);
}

describe("a SIP name that an office file may have", () => {
  it.each(["unloading-bay", "reload", "RELOAD", "unload_2", "-desk", "_", ".", "mod_event-socket"])(
    "%s may stand in every command",
    (name) => {
      expect(sipName.safeParse(name).success).toBe(true);
      expect(isSipName(name)).toBe(true);
      expect(isSentAsIs(name)).toBe(true);
    },
  );

  it.each(["mod_event_socket", "x.MOD_EVENT_SOCKET", "unload-mod_event_socket"])("%s is refused", (name) => {
    expect(sipName.safeParse(name).success).toBe(false);
    expect(isSipName(name)).toBe(false);
  });

  it("may stand in every command, whatever it is", () => {
    const words = fc.constantFrom(
      "unload",
      "reload",
      "mod_event_socket",
      "mod",
      "_event",
      "_socket",
      "bay",
      "-",
      ".",
    );
    const texts = fc.array(words, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(sipName.safeParse(text).success);
        expect(isSentAsIs(text)).toBe(true);
      }),
    );
  });
});
