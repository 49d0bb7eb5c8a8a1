/**
 * Goal: a phone is added to any office and removed again, and an impossible edit is refused with its cause. Method: a
 * property over arbitrary offices, and a table of refusals.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../fixtures/offices/arbitrary.js";
import { exportOffice } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { addDevice, findPhone, removeDevice } from "./devices.js";

const { office: OFFICE } = resolveOffice([
  {
    office: { name: "Acme", country: "US", timezone: "UTC" },
    users: [
      {
        username: "alice.wong",
        name: "Alice Wong",
        devices: [
          { id: "desk", sip: "alice-desk" },
          { id: "cell", phone: "+12125550144" },
        ],
      },
      { username: "bob.stone", name: "Bob Stone" },
    ],
  },
]);
if (OFFICE === undefined) throw new Error("the office of this test has errors");

describe("a device in any office", () => {
  it("is found once added, and removing it restores the office", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const [user] = office.users;
        if (user === undefined) return;
        const wanted = { username: user.username, id: "brand-new", sipName: "brand-new-name" };
        const added = addDevice(office, wanted);
        if (!added.ok) throw new Error(added.reason);
        expect(findPhone(added.office, user.username, "brand-new")).toMatchObject({ ok: true });
        expect(addDevice(added.office, wanted)).toMatchObject({ ok: false, cause: "senseless" });
        const removed = removeDevice(added.office, user.username, "brand-new");
        if (!removed.ok) throw new Error(removed.reason);
        expect(exportOffice(removed.office)).toEqual(exportOffice(office));
      }),
      { numRuns: 50 },
    );
  });
});

describe("adding a device", () => {
  it("keeps what the file says of delay, ring time and accept rule", () => {
    const wanted = { username: "bob.stone", id: "laptop", delay: 5, ring: 20, accept: "always" } as const;
    const added = addDevice(OFFICE, wanted);
    expect(added).toMatchObject({ ok: true, phone: { sipName: "bob.stone-laptop" } });
    expect(added.ok && added.office.users.find(({ username }) => username === "bob.stone")?.devices).toEqual([
      {
        id: "laptop",
        at: { kind: "sip", name: "bob.stone-laptop" },
        delayMs: 5_000,
        ringMs: 20_000,
        accept: "always",
      },
    ]);
  });

  it.each([
    [{ username: "bob.ston", id: "desk" }, "not_found", "did you mean bob.stone?"],
    [{ username: "bob.stone", id: "A Desk" }, "senseless", "expected an id"],
    [{ username: "bob.stone", id: "desk", ring: 1 }, "senseless", "expected whole seconds"],
    [{ username: "bob.stone", id: "desk", sipName: "alice-desk" }, "senseless", "taken by alice.wong"],
    [{ username: "alice.wong", id: "desk" }, "senseless", "has a device desk already"],
  ])("%j is refused as %s", (wanted, cause, reason) => {
    expect(addDevice(OFFICE, wanted)).toMatchObject({
      ok: false,
      cause,
      reason: expect.stringContaining(reason),
    });
  });
});

describe("a phone that signs in", () => {
  it.each([
    ["nobody", "desk", "not_found", "there is no user nobody"],
    ["alice.wong", "laptop", "not_found", "has desk, cell"],
    ["bob.stone", "desk", "not_found", "has no devices"],
    ["alice.wong", "cell", "senseless", "outside phone +12125550144"],
  ])("%s, %s is not found: %s", (username, id, cause, reason) => {
    const refusal = { ok: false, cause, reason: expect.stringContaining(reason) };
    expect(findPhone(OFFICE, username, id)).toMatchObject(refusal);
    if (cause === "not_found") expect(removeDevice(OFFICE, username, id)).toMatchObject(refusal);
  });

  it("is not an outside phone, which can be removed all the same", () => {
    const edited = removeDevice(OFFICE, "alice.wong", "cell");
    expect(edited).toMatchObject({ ok: true });
    if (edited.ok) expect(edited.office.users[0]?.devices.map(({ id }) => id)).toEqual(["desk"]);
  });
});
