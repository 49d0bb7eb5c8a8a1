/**
 * Goal: phones are changed the same way as users and groups, and a password is handed out once and stored as a digest.
 * Method: use cases on the sample office; two changes at the same moment.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acmeOffice, emptyOffice, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { a1Hash } from "../../directory/password.js";
import { listDevices } from "../views/devices.js";
import { addDevice, removeDevice } from "./devices.js";
import { makeFirstPassword, rotatePassword, type SignIn } from "./phone-passwords.js";

const BY_ANN = { author: "ann" };
const DOMAIN = "ringline";

let live: LiveOffice;

beforeEach(async () => {
  live = await acmeOffice();
});
afterEach(() => live.close());

const held = async (sipName: string) => (await live.deps.store.credentialOf(sipName))?.a1Hash;
const digest = ({ sipName, domain, password }: SignIn) => a1Hash(sipName, domain, password);

async function added(username: string, id: string): Promise<SignIn> {
  const ended = await addDevice(live.deps, BY_ANN, { username, id }, DOMAIN);
  if (ended.outcome !== "added") throw new Error(ended.outcome);
  return ended.signIn;
}

describe("adding a device", () => {
  it("is a revision, and its password is kept as a digest", async () => {
    const ended = await addDevice(
      live.deps,
      BY_ANN,
      { username: "bob.stone", id: "laptop", delay: 5 },
      DOMAIN,
    );
    expect(ended).toMatchObject({
      outcome: "added",
      written: { outcome: "applied", revision: 2 },
      signIn: { username: "bob.stone", device: "laptop", sipName: "bob.stone-laptop", domain: DOMAIN },
    });
    expect(ended.outcome === "added" && digest(ended.signIn)).toBe(await held("bob.stone-laptop"));
    expect(await live.deps.store.history(1)).toMatchObject([
      { author: "ann", message: "add device laptop of bob.stone", sourceHash: "" },
    ]);
    expect(await live.deps.store.drift()).toMatchObject([{ kind: "users", key: "bob.stone" }]);
  });

  it("is tried again when another revision came in between", async () => {
    const both = await Promise.all([added("bob.stone", "laptop"), added("carol.diaz", "laptop")]);
    expect(both.map(({ sipName }) => sipName)).toEqual(["bob.stone-laptop", "carol.diaz-laptop"]);
    expect(await live.deps.store.currentRevision()).toBe(3);
    for (const signIn of both) expect(await held(signIn.sipName)).toBe(digest(signIn));
  });

  it("that is refused makes no password", async () => {
    const wanted = { username: "bob.stone", id: "laptop", sipName: "alice-desk" };
    expect(await addDevice(live.deps, BY_ANN, wanted, DOMAIN)).toMatchObject({ outcome: "refused" });
    expect(await held("alice-desk")).toBeUndefined();
  });

  it("that conflicts makes no password", async () => {
    const wanted = { username: "bob.stone", id: "laptop" };
    expect(await addDevice(live.deps, { author: "ann", expect: 7 }, wanted, DOMAIN)).toMatchObject({
      outcome: "conflict",
      revision: 1,
      expected: 7,
    });
    expect(await held("bob.stone-laptop")).toBeUndefined();
  });
});

describe("removing a device", () => {
  it("takes its password with it", async () => {
    await added("bob.stone", "laptop");
    expect(await removeDevice(live.deps, BY_ANN, "bob.stone", "laptop")).toMatchObject({
      outcome: "removed",
      written: { revision: 3 },
      sipName: "bob.stone-laptop",
    });
    expect(await held("bob.stone-laptop")).toBeUndefined();
  });

  it.each([
    ["nobody", "desk", "not_found"],
    ["bob.stone", "laptop", "not_found"],
  ])("%s, %s is refused as %s", async (username, id, cause) => {
    expect(await removeDevice(live.deps, BY_ANN, username, id)).toMatchObject({ outcome: "refused", cause });
  });

  it("may be an outside phone, which has no password", async () => {
    expect(await removeDevice(live.deps, BY_ANN, "alice.wong", "cell")).toMatchObject({
      outcome: "removed",
      sipName: null,
    });
  });
});

describe("a password", () => {
  const wanted = { username: "alice.wong", id: "desk", domain: DOMAIN, author: "ann" };

  it("is made once, and another one by rotating it", async () => {
    expect(await rotatePassword(live.deps, wanted)).toEqual({ outcome: "has_no_password" });
    const first = await makeFirstPassword(live.deps, wanted);
    expect(first).toMatchObject({ outcome: "made", revision: 1, signIn: { sipName: "alice-desk" } });
    expect(await makeFirstPassword(live.deps, wanted)).toEqual({ outcome: "has_password" });
    const second = await rotatePassword(live.deps, wanted);
    if (first.outcome !== "made" || second.outcome !== "made") throw new Error("no passwords");
    expect(second.signIn.password).not.toBe(first.signIn.password);
    expect(await held("alice-desk")).toBe(digest(second.signIn));
  });

  it("is made only for a SIP phone of the office", async () => {
    expect(await makeFirstPassword(live.deps, { ...wanted, id: "cell" })).toMatchObject({
      cause: "senseless",
    });
    expect(await makeFirstPassword(live.deps, { ...wanted, id: "none" })).toMatchObject({
      cause: "not_found",
    });
    const empty = await emptyOffice();
    expect(await makeFirstPassword(empty.deps, wanted)).toEqual({ outcome: "no_office" });
    await empty.close();
  });

  it("of an earlier user of the SIP name is not valid for the phone", async () => {
    const credential = {
      sipName: "alice-desk",
      username: "bob.stone",
      realm: DOMAIN,
      a1Hash: "0".repeat(32),
    };
    await live.deps.store.writeCredentials([{ ...credential, madeMs: 1, madeBy: "eve" }]);
    expect(await listDevices(live.deps, "alice.wong")).toMatchObject({
      devices: [{ sipName: "alice-desk", passwordMadeMs: null }],
    });
    expect(await makeFirstPassword(live.deps, wanted)).toMatchObject({ outcome: "made" });
    expect(await listDevices(live.deps, "alice.wong")).toMatchObject({
      devices: [{ passwordMadeMs: live.deps.clock.nowMs(), passwordMadeBy: "ann" }],
    });
  });
});
