/**
 * Registrations, fed with what a FreeSWITCH 1.10.12 sent when phones registered, renewed, unregistered and expired
 * (registrations.golden.json: a recording, without the headers that every event has).
 */
import { readFileSync } from "node:fs";
import pino from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { CONTACTS_PER_DEVICE_MAX, Registrations, readRegistrationList } from "./registrations.js";
import type { Reply, SwitchEvent, WireCommand } from "./wire.js";

const recorded: { readonly events: Record<string, SwitchEvent>; readonly list: readonly string[] } =
  JSON.parse(readFileSync(new URL("./registrations.golden.json", import.meta.url), "utf8"));
const list = recorded.list.join("\n");

const DESK = "sofia/phones/sip:alice-desk@127.0.0.1:22101;transport=udp";
const CELL = "sofia/phones/sip:alice@127.0.0.1:22102;rinstance=ab12";
const PATH = "sofia/phones/sip:bob@10.9.8.7:5060;fs_path=%3Csip%3A127.0.0.1%3A22103%3Blr%3E";
const SHORT = "sofia/phones/sip:bob%20x;y=1@127.0.0.1:22104;ob";

function event(name: string, more: SwitchEvent = {}): SwitchEvent {
  const found = recorded.events[name];
  if (found === undefined) throw new Error(`not recorded: ${name}`);
  return { ...found, ...more };
}

function setUp() {
  const clock = new VirtualClock();
  const doubts: number[] = [];
  const harmful: string[] = [];
  const registrations = new Registrations({
    clock,
    log: pino({ level: "silent" }),
    profiles: ["phones"],
    onAmbiguous: () => doubts.push(clock.nowMs()),
    onHarmful: (sipName, callId) => harmful.push(`${sipName} ${callId}`),
  });
  const changes: string[] = [];
  const stop = registrations.onChange((sipName) => changes.push(sipName));
  const urls = (sipName: string) => registrations.contactsOf(sipName).map((contact) => contact.url);
  return { clock, registrations, changes, doubts, harmful, stop, urls };
}

/** A link that records its commands. */
function fakeLink() {
  const asked: Array<{ readonly command: WireCommand; readonly done: (reply: Reply) => void }> = [];
  return {
    asked,
    send: (command: WireCommand, done: (reply: Reply) => void) => void asked.push({ command, done }),
  };
}

describe("a contact that cannot be dialled", () => {
  const empty = { contact: '"x" <sip:alice-desk@127.0.0.1:22101;fs_path=>', expires: "60" };

  it.each([
    empty.contact,
    "<sip:a;fs_path=b@127.0.0.1:22101>",
    "<sip:a@127.0.0.1:22101;fs_path=sip:127.0.0.1;fs_path=>",
    "<sip:a@127.0.0.1:22101;FS_PATH=>",
  ])("marks its device while the switch may have it (%s)", (contact) => {
    const { clock, registrations } = setUp();
    registrations.event(event("desk register", { ...empty, contact }));
    expect([registrations.hasUndialable("alice"), registrations.hasUndialable("bob")]).toEqual([true, false]);
    // Another contact of the device changes nothing about this one.
    registrations.event(event("cell register"));
    clock.advanceBy(60_000);
    expect(registrations.hasUndialable("alice")).toBe(true);
    clock.advanceBy(120_000);
    expect(registrations.hasUndialable("alice")).toBe(false);
  });

  it.each([
    ["<sip:a@127.0.0.1:22101;fs_path=>", true],
    ["<sip:a@127.0.0.1:22101;fs_path=;fs_nat=yes;fs_path=sip%3Aa%40192.0.2.7%3A40000>", true],
    ["<sip:a@127.0.0.1:22101;fs_path=%2Csip:127.0.0.1>", true],
    ["<sip:a@127.0.0.1:22101;fs_path=%00>", true],
    ["<sip:a@127.0.0.1:22101;FS_PATH=>", false],
    ["<sip:a@127.0.0.1:22101;fs_path=%3Csip%3A127.0.0.1%3A22103%3Blr%3E;fs_path=>", false],
  ])("is reported if a request of the switch itself could be its end (%s)", (contact, isHarmful) => {
    const { registrations, harmful } = setUp();
    registrations.event(event("desk register", { ...empty, contact }));
    expect(harmful).toEqual(isHarmful ? ["alice call-desk@phone"] : []);
  });

  it("is found in the switch's list by an engine that starts anew", () => {
    const { registrations, harmful } = setUp();
    const { asked, send } = fakeLink();
    registrations.refresh({ send });
    const [first] = list.match(/<contact>[^<]*<\/contact>/) ?? [""];
    const broken = list.replace(first, "<contact>&lt;sip:alice-desk@127.0.0.1:22101;fs_path=&gt;</contact>");
    asked[0]?.done({ outcome: "ok", text: broken });
    const names = ["alice", "bob", "carol"].filter((name) => registrations.hasUndialable(name));
    expect(names).toHaveLength(1);
    expect(harmful).toHaveLength(1);
  });
});

describe("events of registrations", () => {
  it("add contacts to the registered name, oldest first, with all that is needed to dial and to show them", () => {
    const { clock, registrations, changes, urls } = setUp();
    const startMs = clock.nowMs();
    registrations.event(event("desk register"));
    clock.advanceBy(1_000);
    registrations.event(event("cell register"));
    registrations.event(event("path register"));
    expect(urls("alice")).toEqual([DESK, CELL]);
    expect(urls("bob")).toEqual([PATH]);
    expect(changes).toEqual(["alice", "alice", "bob"]);
    expect(registrations.registered).toBe(2);
    expect(registrations.contactsOf("alice")[0]).toEqual({
      url: DESK,
      callId: "call-desk@phone",
      agent: "TestPhone/1.0",
      sinceMs: startMs,
      seenMs: startMs,
      expiresAtMs: startMs + 120_000 + 90_000,
    });
  });

  it("renew a contact without a change", () => {
    const { clock, registrations, changes } = setUp();
    const startMs = clock.nowMs();
    registrations.event(event("desk register"));
    clock.advanceBy(100_000);
    registrations.event(event("desk register again"));
    expect(changes).toEqual(["alice"]);
    expect(registrations.contactsOf("alice")).toMatchObject([
      { sinceMs: startMs, seenMs: startMs + 100_000, expiresAtMs: startMs + 100_000 + 210_000 },
    ]);
  });

  it("remove a contact though its display name differs from that of the registration", () => {
    const { registrations, changes, urls } = setUp();
    registrations.event(event("desk register"));
    registrations.event(event("cell register"));
    registrations.event(event("cell unregister"));
    expect(urls("alice")).toEqual([DESK]);
    expect(changes).toEqual(["alice", "alice", "alice"]);
    registrations.event(event("cell unregister"));
    expect(changes).toHaveLength(3);
  });

  it("remove an expired contact, which they name in headers of their own", () => {
    const { clock, registrations, changes, doubts, urls } = setUp();
    registrations.event(
      event("exp expire", { "Event-Subclass": "sofia::register", "from-user": "bob", expires: "2" }),
    );
    expect(urls("bob")).toEqual(["sofia/phones/sip:bob-short@127.0.0.1:22109"]);
    clock.advanceBy(2_000);
    registrations.event(event("exp expire"));
    expect(urls("bob")).toEqual([]);
    expect(changes).toEqual(["bob", "bob"]);
    expect(doubts).toEqual([]);
  });

  it("that say expired of a contact renewed a moment ago have been overtaken: the list is asked", () => {
    const { clock, registrations, changes, doubts, urls } = setUp();
    const register = { "Event-Subclass": "sofia::register", "from-user": "bob", expires: "60" };
    registrations.event(event("exp expire", register));
    clock.advanceBy(50_000);
    registrations.event(event("exp expire", register));
    clock.advanceBy(500);
    registrations.event(event("exp expire"));
    expect(urls("bob")).toHaveLength(1);
    expect(changes).toEqual(["bob"]);
    expect(doubts).toEqual([clock.nowMs()]);
    const link = fakeLink();
    registrations.refresh(link);
    link.asked[0]?.done({ outcome: "ok", text: "<profile>\n<registrations>\n</registrations>\n</profile>" });
    expect(urls("bob")).toEqual([]);
  });

  it("that remove everything speak for one phone: the others of the name go on ringing", () => {
    const { registrations, urls } = setUp();
    registrations.event(event("desk register"));
    registrations.event(event("star register"));
    registrations.event(event("star unregister"));
    expect(urls("alice")).toEqual([DESK]);
  });

  it("of a lost TCP connection name no contact, only the phone", () => {
    const { registrations, urls } = setUp();
    registrations.event(event("desk register"));
    registrations.event(event("cell register"));
    registrations.event(event("cell unregister", { contact: undefined, reason: "socket-disconnection" }));
    expect(urls("alice")).toEqual([DESK]);
  });

  it("with a contact that would break out of the dial string leave it unrung", () => {
    const { registrations, changes, urls } = setUp();
    registrations.event(event("hostile register"));
    expect(urls("alice")).toEqual([]);
    expect(changes).toEqual([]);
  });

  it.each([
    ["of another profile", { "profile-name": "carriers" }],
    ["of another kind", { "Event-Subclass": "sofia::gateway_state" }],
    ["without a name", { "from-user": undefined }],
    ["without a time", { expires: "soon" }],
    ["that is not CUSTOM", { "Event-Name": "CHANNEL_CREATE" }],
  ])("%s are ignored", (_what, more) => {
    const { registrations, changes } = setUp();
    registrations.event(event("desk register", more));
    expect(changes).toEqual([]);
    expect(registrations.registered).toBe(0);
  });

  it("lost on their way leave no contact for ever: the clock ends it", () => {
    const { clock, registrations, urls } = setUp();
    registrations.event(event("desk register"));
    clock.advanceBy(209_999);
    expect(urls("alice")).toEqual([DESK]);
    clock.advanceBy(1);
    expect(urls("alice")).toEqual([]);
    expect(registrations.registered).toBe(0);
  });

  it("without end keep the newest contacts of a device, up to the bound", () => {
    const { registrations, urls } = setUp();
    for (let n = 0; n <= CONTACTS_PER_DEVICE_MAX; n += 1)
      registrations.event(
        event("desk register", {
          contact: `<sip:alice@127.0.0.1:${3000 + n}>`,
          "network-port": `${3000 + n}`,
        }),
      );
    expect(urls("alice")).toHaveLength(CONTACTS_PER_DEVICE_MAX);
    expect(urls("alice")[0]).toBe("sofia/phones/sip:alice@127.0.0.1:3001");
  });

  it("are told to nobody who has stopped listening", () => {
    const { registrations, changes, stop } = setUp();
    stop();
    registrations.event(event("desk register"));
    expect(changes).toEqual([]);
  });
});

describe("the switch's own list", () => {
  it("is read as it is written, with a Call-ID that is not escaped", () => {
    const nowMs = 1_000_000;
    expect(readRegistrationList(list, "phones", nowMs, () => false)).toEqual(
      [
        ["alice", DESK, "call-desk@phone", 178],
        ["alice", CELL, "call-cell", 117],
        ["bob", PATH, "evil<x>&call", 77],
        ["bob", SHORT, "short", 67],
      ].map(([sipName, url, callId, seconds]) => ({
        sipName,
        registered: url,
        isElsewhere: false,
        contact: {
          url,
          callId,
          agent: "TestPhone/1.0",
          sinceMs: nowMs,
          seenMs: nowMs,
          expiresAtMs: nowMs + (Number(seconds) + 30) * 1000,
        },
      })),
    );
  });

  it("cannot be bent by a Call-ID that looks like markup", () => {
    const bent = list.replace("call-desk@phone", "</call-id><user>mallory@x</user>");
    expect(readRegistrationList(bent, "phones", 0, () => false)[0]?.sipName).toBe("alice");
  });

  it("is asked for at each profile, and taken over: what is not in it is gone", () => {
    const { registrations, changes, urls } = setUp();
    const link = fakeLink();
    registrations.event(event("desk register", { contact: "<sip:old@127.0.0.1:1>" }));
    registrations.event(event("desk register"));
    changes.length = 0;
    let finished = false;
    registrations.refresh(link, () => {
      finished = true;
    });
    expect(link.asked.map((one) => one.command)).toEqual([
      { verb: "api", line: "sofia xmlstatus profile phones reg" },
    ]);
    link.asked[0]?.done({ outcome: "ok", text: list });
    expect(urls("alice")).toEqual([DESK, CELL]);
    expect(urls("bob")).toEqual([PATH, SHORT]);
    expect(changes.sort()).toEqual(["alice", "bob"]);
    expect(finished).toBe(true);
  });

  it("is believed less than the events that came while it was awaited", () => {
    const { registrations, urls } = setUp();
    const link = fakeLink();
    registrations.refresh(link);
    registrations.event(event("cell unregister"));
    registrations.event(event("desk register", { contact: "<sip:new@127.0.0.1:1>", "network-port": "1" }));
    link.asked[0]?.done({ outcome: "ok", text: list });
    expect(urls("alice").sort()).toEqual([DESK, "sofia/phones/sip:new@127.0.0.1:1"].sort());
  });

  it("tells of no change when it says what is known", () => {
    const { registrations, changes } = setUp();
    for (let n = 0; n < 2; n += 1) {
      const link = fakeLink();
      registrations.refresh(link);
      link.asked[0]?.done({ outcome: "ok", text: list });
    }
    expect(changes.sort()).toEqual(["alice", "bob"]);
  });

  it.each<Reply>([
    { outcome: "unknown", text: "gone" },
    { outcome: "refused", text: "-ERR" },
    { outcome: "ok", text: "Invalid Profile!" },
  ])("that does not come ($outcome $text) leaves what is known", (reply) => {
    const { registrations, urls } = setUp();
    registrations.event(event("desk register"));
    const link = fakeLink();
    registrations.refresh(link);
    link.asked[0]?.done(reply);
    expect(urls("alice")).toEqual([DESK]);
  });

  it("of nobody empties everything", () => {
    const { registrations, urls } = setUp();
    registrations.event(event("desk register"));
    const link = fakeLink();
    registrations.refresh(link);
    link.asked[0]?.done({
      outcome: "ok",
      text: "<profile>\n  <registrations>\n  </registrations>\n</profile>",
    });
    expect(urls("alice")).toEqual([]);
  });
});
