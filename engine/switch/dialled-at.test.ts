/**
 * Goal: whatever a phone registers, the request goes to the address from which it has signed in. Method: a table of
 * contacts, those of phones behind a NAT among them, and a property over contacts that a phone may make up.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dialledAt, isReachedByTls } from "./dialled-at.js";
import { isDialableContact } from "./safe-text.js";

const SOURCE = { ip: "192.0.2.7", port: 40_000, isCarriers: false };
const WAY = ";fs_path=sip%3A192.0.2.7%3A40000";
const P = "sofia/phones/";

describe("a contact is dialled where its phone has signed in", () => {
  it.each([
    ["the phone's own address", "sip:alice@192.0.2.7:40000;ob"],
    ["a user part with a parameter", "sip:bob%20x;y=1@192.0.2.7:40000;ob"],
    [
      "behind a NAT, as the switch writes it",
      "sip:alice@10.0.0.5:5060;fs_nat=yes;fs_path=sip%3Aalice%40192.0.2.7%3A40000",
    ],
    ["another port of the same address", "sip:alice@192.0.2.7:5062"],
    ["the same by UDP", "sip:alice@192.0.2.7:5062;transport=UDP"],
    ["the usual port", "sip:alice@192.0.2.7"],
    ["through a proxy (Path)", "sip:bob@10.9.8.7:5060;fs_path=%3Csip%3A192.0.2.7%3A40000%3Blr%3E"],
  ])("%s: as it is", (_what, contact) => {
    expect(dialledAt(P + contact, SOURCE)).toEqual({ url: P + contact, isElsewhere: false });
  });

  it.each([
    ["a carrier", "sip:19005551234@203.0.113.9", `sip:19005551234@203.0.113.9${WAY}`, true],
    ["a host name", "sip:alice@desk-1.example", `sip:alice@desk-1.example${WAY}`, true],
    ["port 0", "sip:alice@192.0.2.7:0", `sip:alice@192.0.2.7:0${WAY}`, false],
    [
      "another port, where the switch has found a NAT",
      "sip:alice@192.0.2.7:5062;fs_nat=yes;fs_path=sip%3Aalice%40192.0.2.7%3A40000",
      "sip:alice@192.0.2.7:5062;fs_nat=yes;fs_path=sip%3Aalice%40192.0.2.7%3A40000",
      false,
    ],
    [
      "another port of the phone's own way",
      "sip:1900@192.0.2.7:40000;fs_path=sip%3A192.0.2.7%3A5080",
      `sip:1900@192.0.2.7:40000${WAY}`,
      false,
    ],
    [
      "another port by TCP, which is over the phone's connection",
      "sip:alice@192.0.2.7:5060;transport=tcp",
      `sip:alice@192.0.2.7:5060;transport=tcp${WAY}%3Btransport%3Dtcp`,
      false,
    ],
    [
      "another port by TLS",
      "sips:alice@192.0.2.7:5061",
      `sips:alice@192.0.2.7:5061${WAY}%3Btransport%3Dtls`,
      false,
    ],
    [
      "another port, and a way by maddr",
      "sip:1900@192.0.2.7:5080;maddr=203.0.113.9",
      `sip:1900@192.0.2.7:5080${WAY}`,
      true,
    ],
    ["another port of another host", "sip:1900@192.0.2.70:5080", `sip:1900@192.0.2.70:5080${WAY}`, true],
    ["a way by maddr", "sip:1900@192.0.2.7:40000;maddr=203.0.113.9", `sip:1900@192.0.2.7:40000${WAY}`, true],
    [
      "a way of the phone's own choice",
      "sip:1900@192.0.2.7:40000;fs_path=sip%3A203.0.113.9",
      `sip:1900@192.0.2.7:40000${WAY}`,
      true,
    ],
    [
      "another transport",
      "sip:1900@203.0.113.9:5060;transport=TCP",
      `sip:1900@203.0.113.9:5060;transport=TCP${WAY}%3Btransport%3Dtcp`,
      true,
    ],
    ["no user", "sips:203.0.113.9", `sips:203.0.113.9${WAY}%3Btransport%3Dtls`, true],
  ])("%s: by the phone's own way", (_what, contact, url, isElsewhere) => {
    expect(dialledAt(P + contact, SOURCE)).toEqual({ url: P + url, isElsewhere });
  });

  it.each([
    ["another port", "sip:19005551234@192.0.2.7:5060"],
    ["the usual port", "sip:19005551234@192.0.2.7"],
  ])("%s at a carrier's address: by the phone's own way", (_what, contact) => {
    const url = `${P}${contact}${WAY}`;
    expect(dialledAt(P + contact, { ...SOURCE, isCarriers: true })).toEqual({ url, isElsewhere: false });
  });

  it.each([
    ["two ways", `sip:x@192.0.2.7:40000${WAY};fs_path=sip%3A203.0.113.9`],
    ["a way in another case", "sip:x@192.0.2.7:40000;FS_PATH=sip%3A203.0.113.9"],
    ["a way in the user part", "sip:fs_path=203.0.113.9@192.0.2.7:40000"],
    ["two hosts", "sip:1900@203.0.113.9:5060;x=@192.0.2.7:40000"],
    ["a way that is not encoded", "sip:x@192.0.2.7:40000;fs_path=sip:192.0.2.7:40000;x=y"],
  ])("%s: not at all", (_what, contact) => {
    expect(dialledAt(P + contact, SOURCE)).toBeUndefined();
  });

  it("has one way, to the phone's address, whatever the phone makes up", () => {
    const parts = fc.constantFrom(
      "sip:",
      "1900",
      "@",
      "203.0.113.9",
      "192.0.2.7",
      ":40000",
      ":5060",
      ";",
      "fs_path=",
      ";fs_path=",
      ";FS_path=",
      "sip%3A203.0.113.9",
      "sip%3A192.0.2.7%3A40000",
      "%40",
      "%3C",
      "%3E",
      ";maddr=",
      ";transport=tcp",
      ";transport=udp",
      ";lr",
      "x",
      "=",
    );
    const contacts = fc.array(parts, { maxLength: 10 }).map((all) => `${P}sip:${all.join("")}`);
    fc.assert(
      fc.property(contacts, fc.boolean(), (contact, isCarriers) => {
        const dialled = isDialableContact(contact)
          ? dialledAt(contact, { ...SOURCE, isCarriers })
          : undefined;
        if (dialled === undefined) return;
        const ways = dialled.url.split(/fs_path/i);
        expect(ways.length).toBeLessThanOrEqual(2);
        const way = ways[1] === undefined ? dialled.url : decodeURIComponent(ways[1]);
        expect(way).toMatch(
          /^(?:=<?sip:(?:[^@>]*@)?|[^@]*@|sofia\/phones\/sip:)192\.0\.2\.7(?::\d+)?(?:[;>]|$)/,
        );
        const isOwnPort = /192\.0\.2\.7:40000(?:[;>]|$)/.test(way);
        if (isCarriers || ways[1] !== undefined || /:40000.*transport=tcp/.test(way))
          expect(isOwnPort).toBe(true);
        expect(ways[1] === undefined && /maddr/i.test(dialled.url.slice(dialled.url.indexOf("@")))).toBe(
          false,
        );
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("whether a contact is reached by TLS", () => {
  it.each([
    ["its own transport", "sip:alice@192.0.2.7:40000;transport=tls", true],
    ["its own transport in capitals", "sip:alice@192.0.2.7:40000;transport=TLS;ob", true],
    ["sips", "sips:alice@192.0.2.7:40000", true],
    ["the way", `sip:alice@10.0.0.5:5061;fs_nat=yes${WAY}%3Btransport%3Dtls`, true],
    ["UDP", "sip:alice@192.0.2.7:40000", false],
    ["TCP", "sip:alice@192.0.2.7:40000;transport=tcp", false],
    ["a way by UDP, whatever the contact says", `sip:alice@10.0.0.5:5061;transport=tls${WAY}`, false],
    ["a user part that looks like it", "sip:transport=tls@192.0.2.7:40000", false],
    ["another parameter that looks like it", "sip:alice@192.0.2.7:40000;x-transport=tls", false],
  ])("%s", (_what, contact, isTls) => {
    expect(isReachedByTls(P + contact)).toBe(isTls);
  });
});
