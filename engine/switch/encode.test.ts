/** The exact bytes of every kind of packet, and the commands that are refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode, PACKET_CHARACTERS_MAX } from "./encode.js";
import type { WireCommand } from "./wire.js";

const id = "00000000-0000-4000-8000-000000000001";

describe("packets", () => {
  it.each<[WireCommand, string, string]>([
    [{ verb: "api", line: "status" }, "api status\n\n", "api/response"],
    [
      { verb: "bgapi", line: "originate x", jobId: id },
      `bgapi originate x\nJob-UUID: ${id}\n\n`,
      "command/reply",
    ],
    [
      { verb: "sendmsg", uuid: id, headers: [["call-command", "execute"]] },
      `sendmsg ${id}\ncall-command: execute\n\n`,
      "command/reply",
    ],
    [
      { verb: "sendmsg", uuid: id, headers: [["Content-Type", "text/plain"]], body: "é\n\nb" },
      `sendmsg ${id}\nContent-Type: text/plain\nContent-Length: 5\n\né\n\nb`,
      "command/reply",
    ],
    [
      { verb: "sendevent", name: "CUSTOM", headers: [["Event-Subclass", "a::b"]] },
      "sendevent CUSTOM\nEvent-Subclass: a::b\n\n",
      "command/reply",
    ],
  ])("%j", (command, packet, expects) => {
    expect(encode(command)).toEqual({ ok: true, packet, expects });
  });

  it.each<[string, WireCommand]>([
    ["a line feed in a line", { verb: "api", line: "status\n\napi system rm" }],
    ["a carriage return in a line", { verb: "api", line: "status\rx" }],
    ["a NUL in a line", { verb: "api", line: "status\0" }],
    ["a line feed in a job id", { verb: "bgapi", line: "status", jobId: "x\n\napi shutdown" }],
    ["a line feed in a uuid", { verb: "sendmsg", uuid: "x\n", headers: [] }],
    ["a line feed in a header's value", { verb: "sendmsg", uuid: id, headers: [["a", "b\nc: d"]] }],
    ["a header's name with a colon", { verb: "sendmsg", uuid: id, headers: [["a: b", "c"]] }],
    ["a header without a name", { verb: "sendmsg", uuid: id, headers: [["", "c"]] }],
    ["a length of its own", { verb: "sendmsg", uuid: id, headers: [["content-LENGTH", "3"]], body: "abc" }],
    ["a NUL in a body", { verb: "sendmsg", uuid: id, headers: [], body: "a\0" }],
    ["a line feed in an event's name", { verb: "sendevent", name: "CUSTOM\n", headers: [] }],
    ["a packet beyond the bound", { verb: "api", line: "x".repeat(PACKET_CHARACTERS_MAX) }],
    ["the words that unload the socket", { verb: "api", line: "uuid_exists unload-mod_event_socket" }],
    ["the words that reload it, in any case", { verb: "api", line: "echo MOD_Event_Socket ReLoad" }],
    [
      "those words in two different headers",
      {
        verb: "sendmsg",
        uuid: id,
        headers: [
          ["a", "reloaded"],
          ["b", "mod_event_socket"],
        ],
      },
    ],
  ])("refuses %s", (_what, command) => {
    expect(encode(command).ok).toBe(false);
  });

  it("lets one of the two words pass, and both in a body, where the switch does not look", () => {
    expect(encode({ verb: "api", line: "reloadxml" }).ok).toBe(true);
    expect(encode({ verb: "sendmsg", uuid: id, headers: [], body: "unload mod_event_socket" }).ok).toBe(true);
  });

  it("never writes more than one packet, or a line that was not asked for", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", ":", "\n", "\r", "\0", "é", "unload", "/") });
    fc.assert(
      fc.property(text, text, text, (uuid, name, value) => {
        const encoded = encode({ verb: "sendmsg", uuid, headers: [[name, value]] });
        if (!encoded.ok) return;
        expect(encoded.packet.split("\n")).toEqual([`sendmsg ${uuid}`, `${name}: ${value}`, "", ""]);
      }),
    );
  });
});
