/** Goal: the list has the right phones with their users, and says when a phone is in a call. */
import { describe, expect, it } from "vitest";
import { office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import type { RegistrationRow } from "../switch/registrations.js";
import { listPhones, type PhoneChannel } from "./phones-list.js";

function row(sipName: string, host: string): RegistrationRow {
  return {
    sipName,
    url: `sofia/phones/sip:${sipName}@${host};transport=udp`,
    callId: "c",
    agent: "Phone/1",
    address: host,
    expiresInMs: 60_000,
    ping: "reachable",
    pingMs: 3,
  };
}

const OFFICE = office([], {
  users: [
    user("alice", [sipDevice("alice-desk"), outsidePhone("+19175550144")]),
    user("bobby", [sipDevice("bob-desk")], { suspended: true }),
  ],
});
const HOME = "192.0.2.1:5060";
const WORK = "192.0.2.2:5060";

function list(rows: readonly RegistrationRow[], channels: readonly PhoneChannel[] = []) {
  return listPhones({ office: OFFICE, rows, channels, sightings: [] });
}

describe("phones", () => {
  it("are listed signed in first, then not signed in; outside phones are left out", () => {
    expect(
      list([row("alice-desk", HOME)]).map(({ username, contact }) => [username, contact !== null]),
    ).toEqual([
      ["alice", true],
      ["bobby", false],
    ]);
  });

  it("that belong to no user are shown as such, and so are phones of suspended users", () => {
    const [bobs, strange] = list([
      row("stranger", HOME),
      row("bob-desk", WORK),
      row("alice-desk", WORK),
    ]).slice(1);
    expect(strange).toMatchObject({ username: null, device: null, sipName: "stranger" });
    expect(bobs).toMatchObject({ username: "bobby", suspended: true });
  });

  it.each<[string, PhoneChannel[], Array<string | null>]>([
    ["nothing", [], [null, null]],
    [
      "a leg to one contact rings",
      [{ sipName: "alice-desk", address: WORK, state: "ringing" }],
      [null, "ringing"],
    ],
    [
      "a leg to one contact is answered",
      [{ sipName: "alice-desk", address: HOME, state: "in a call" }],
      ["in a call", null],
    ],
    [
      "a call it placed",
      [{ sipName: "alice-desk", address: null, state: "in a call" }],
      ["in a call", "in a call"],
    ],
    ["a colleague's call", [{ sipName: "bob-desk", address: HOME, state: "in a call" }], [null, null]],
  ])("with two contacts, when there is %s", (_what, channels, expected) => {
    const phones = list([row("alice-desk", HOME), row("alice-desk", WORK)], channels);
    expect(phones.filter(({ contact }) => contact !== null).map(({ call }) => call)).toEqual(expected);
  });

  it("have the times that an engine knows", () => {
    const one = row("alice-desk", HOME);
    const [listed] = listPhones({
      office: OFFICE,
      rows: [one],
      channels: [],
      sightings: [{ sipName: "alice-desk", url: one.url, sinceMs: 5, seenMs: 9 }],
    });
    expect(listed).toMatchObject({ sinceMs: 5, seenMs: 9 });
  });
});
