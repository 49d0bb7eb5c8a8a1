/**
 * Goal: at a device's limit the contact goes that has not registered for longest, and never another phone's nor the newest.
 * Method: tables of contacts, and a property over Call-IDs that a phone may choose.
 */
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import type { Contact } from "../switch/registrations.js";
import type { WireCommand } from "../switch/wire.js";
import { CONTACTS_KEPT, ContactLimit, LOOK_AGAIN_MS } from "./contact-limit.js";

const DOMAIN = "ringline";

function contact(callId: string, seenMs: number): Contact {
  return {
    url: `sofia/phones/sip:alice@192.0.2.1:${seenMs}`,
    callId,
    agent: "",
    sinceMs: 0,
    seenMs,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
  };
}

/** The commands that the switch gets when a device with these contacts has gained one. */
function sent(contacts: readonly Contact[], needsTls = false): string[] {
  const lines: string[] = [];
  const limit = new ContactLimit({
    link: {
      send: (command: WireCommand) => lines.push(command.verb === "api" ? command.line : command.verb),
    },
    clock: new VirtualClock(),
    log: pino({ level: "silent" }),
    domain: DOMAIN,
    registrations: { contactsOf: () => contacts, all: () => new Map([["alice-desk", contacts]]).entries() },
    needsTls: () => needsTls,
  });
  limit.changed("alice-desk");
  const byChange = [...lines];
  lines.length = 0;
  limit.linkUp();
  expect(lines).toEqual(byChange);
  return lines;
}

const many = (count: number, fromMs = 0) =>
  Array.from({ length: count }, (_, n) => contact(`call-${fromMs + n}@192.0.2.1`, fromMs + n));
const flush = (callId: string) => `sofia profile phones flush_inbound_reg ${callId}`;

describe("a device that may sign in by TLS only", () => {
  const byTls = {
    ...contact("tls@192.0.2.1", 1),
    url: "sofia/phones/sip:alice@192.0.2.1:5061;transport=tls",
  };
  const byUdp = contact("udp@192.0.2.1", 2);

  it("has its other contacts signed out", () => {
    expect(sent([byTls, byUdp], true)).toEqual([flush("udp@192.0.2.1")]);
    expect(sent([byTls, byUdp], false)).toEqual([]);
  });

  it("has no phone signed out that another one's Call-ID would take along", () => {
    expect(sent([contact(`${DOMAIN}`, 1)], true)).toEqual(sent([contact(`${DOMAIN}`, 1)], false));
  });
});

describe("at the limit of contacts", () => {
  it("all stay", () => {
    expect(sent(many(CONTACTS_KEPT))).toEqual([]);
  });

  it("the one goes that has not registered for longest, whenever it came", () => {
    const [first, ...others] = many(CONTACTS_KEPT + 1, 100);
    const renewed = { ...contact(first?.callId ?? "", 500), sinceMs: 0 };
    expect(sent([renewed, ...others])).toEqual([flush("call-101@192.0.2.1")]);
  });

  it("as many go as are too many", () => {
    expect(sent(many(CONTACTS_KEPT + 3))).toEqual([0, 1, 2].map((n) => flush(`call-${n}@192.0.2.1`)));
  });

  it("contacts of one Call-ID, which go together, are counted", () => {
    const twins = [contact("twins@192.0.2.1", 0), contact("twins@192.0.2.1", 1)];
    expect(sent([...twins, ...many(CONTACTS_KEPT, 10)])).toEqual([flush("twins@192.0.2.1")]);
  });

  it("those of the newest one's Call-ID stay, since it would go too", () => {
    const contacts = Array.from({ length: CONTACTS_KEPT + 2 }, (_, n) => contact("same@192.0.2.1", n));
    expect(sent(contacts)).toEqual([]);
  });

  it("it is signed out again if the switch did not have it yet, and looked at no more when it is gone", () => {
    const clock = new VirtualClock();
    const lines: string[] = [];
    let contacts = many(CONTACTS_KEPT + 1);
    const limit = new ContactLimit({
      link: { send: (command: WireCommand) => lines.push(command.verb === "api" ? command.line : "") },
      clock,
      log: pino({ level: "silent" }),
      domain: DOMAIN,
      registrations: { contactsOf: () => contacts, all: () => new Map().entries() },
      needsTls: () => false,
    });
    limit.changed("alice-desk");
    clock.advanceBy(LOOK_AGAIN_MS);
    expect(lines).toEqual(Array(2).fill(flush("call-0@192.0.2.1")));
    contacts = contacts.slice(1);
    clock.advanceBy(LOOK_AGAIN_MS);
    expect(lines).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ["all phones", DOMAIN],
    ["all phones, in capitals", "RINGLINE"],
    ["another phone", `bob-desk@${DOMAIN}`],
    ["the same phone", `alice-desk@${DOMAIN}`],
    ["nobody, or all", ""],
    ["the domain alone", `@${DOMAIN}`],
    ["a name without a domain", "bob-desk@"],
    ["two domains", `x@y@${DOMAIN}`],
    ["a second argument", `x ${DOMAIN}`],
    ["a quoted text", `'${DOMAIN}'`],
    ["an escaped letter", `\\${DOMAIN}`],
    ["a line break", `x\n${DOMAIN}`],
    ["a reboot", "x reboot"],
  ])("a Call-ID that means %s is left alone, and the next oldest goes", (_what, callId) => {
    expect(sent([contact(callId, 0), ...many(CONTACTS_KEPT, 10)])).toEqual([flush("call-10@192.0.2.1")]);
  });

  it("no Call-ID signs out another phone, or becomes a second argument", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom(DOMAIN, "@", `bob@${DOMAIN}`, " ", "'", "call-1")), {
          maxLength: 4,
        }),
        (parts) => {
          for (const line of sent([contact(parts.join(""), 0), ...many(CONTACTS_KEPT, 10)])) {
            const [, callId = ""] = /^sofia profile phones flush_inbound_reg (\S+)$/.exec(line) ?? [];
            expect(callId).not.toBe("");
            expect(callId.split("@").at(-1)?.toLowerCase()).not.toBe(DOMAIN);
            expect(callId).not.toMatch(/['"\\]/);
          }
        },
      ),
    );
  });
});

describe("a contact that could stop the switch", () => {
  function harmful(callId: string) {
    const lines: string[] = [];
    const clock = new VirtualClock();
    const limit = new ContactLimit({
      link: {
        send: (command: WireCommand) => lines.push(command.verb === "api" ? command.line : command.verb),
      },
      clock,
      log: pino({ level: "silent" }),
      domain: DOMAIN,
      registrations: { contactsOf: () => [], all: () => new Map().entries() },
      needsTls: () => false,
    });
    limit.harmful("alice-desk", callId);
    return { lines, clock, limit };
  }

  it("is signed out at once, and again until the switch has it in its table for sure", () => {
    const { lines, clock } = harmful("call-1@192.0.2.1");
    expect(lines).toEqual([flush("call-1@192.0.2.1")]);
    clock.advanceBy(LOOK_AGAIN_MS);
    expect(lines.length).toBeGreaterThan(4);
    clock.advanceBy(60_000);
    expect(new Set(lines)).toEqual(new Set([flush("call-1@192.0.2.1")]));
  });

  it("takes its whole device along when its Call-ID names other phones as well", () => {
    expect(harmful(DOMAIN).lines).toEqual(["sofia profile phones flush_inbound_reg alice-desk@ringline"]);
  });

  it("is not asked about any more when the engine ends", () => {
    const { lines, clock, limit } = harmful("call-1@192.0.2.1");
    limit.close();
    clock.advanceBy(60_000);
    expect(lines).toHaveLength(1);
  });
});
