/**
 * Goal: what a command renames is the same thing for files that still have the old id: whatever else they say of it
 * counts, only the id drifts. Method: files on a real database, edits by command, then files that changed meanwhile.
 */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyOffice, goodFiles, type LiveOffice } from "../../../fixtures/offices/live-office.js";
import { nameOf } from "../../../policy/change/drift-names.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { exportGroup, exportSteps } from "../../../policy/office-file/export.js";
import { readOfficeFrom } from "../files/read.js";
import { planFiles } from "../views/plan.js";
import { applyFiles } from "./apply-files.js";
import { editOfficeBy } from "./edits.js";
import { rollBack } from "./rollback.js";
import { planWriteBack } from "./write-back.js";

const APPLY = { author: "ann", overwrite: false, compare: false };
const FILES = `office: { name: Acme, country: US, timezone: America/New_York }
users:
  - username: alice.wong
    name: Alice
    devices: [{ id: desk, sip: alice-desk }, { id: cell, phone: "+12125550144" }]
    no_answer: [{ ring: user:alice.wong, timeout: 20 }, { send: group:sales }]
  - { username: bob.stone, name: Bob }
groups:
  - { id: sales, extension: 200, members: [{ user: alice.wong }] }
  - { id: help, extension: 201, members: [{ user: bob.stone }] }
flows:
  day: [{ ring: group:sales, timeout: 20 }, { voicemail: group:sales }]
  night: [{ voicemail: group:help }]
numbers:
  - { number: "+12125550100", flow: day }
`;

let live: LiveOffice;
beforeEach(async () => {
  live = await emptyOffice();
  await applyFiles(live.deps, APPLY, files());
});
afterEach(() => live.close());

type Replacement = readonly [from: string, to: string];
function textOf(...changes: readonly Replacement[]): string {
  for (const [from] of changes) expect(FILES).toContain(from);
  return changes.reduce((text, [from, to]) => text.replaceAll(from, to), FILES);
}
function files(...changes: readonly Replacement[]) {
  return goodFiles(readOfficeFrom([{ name: "office.yaml", text: textOf(...changes) }]));
}
const rename = (from: string, to: string, kind = "group"): Edit => ({ verb: "rename", kind, id: from, to });
const edit = async (...edits: readonly Edit[]) => {
  for (const each of edits) {
    const ended = await editOfficeBy(live.deps, { author: "eve" }, [each]);
    expect(ended.outcome).toBe("applied");
  }
};
const apply = (changes: readonly Replacement[], choice: object = {}) =>
  applyFiles(live.deps, { ...APPLY, ...choice }, files(...changes));
const drift = async () => (await live.deps.store.drift()).map(nameOf);
const groups = async () =>
  Object.fromEntries(
    (await live.office()).groups.map((group) => {
      const { id, extension, members = [] } = exportGroup(group);
      return [id, `${extension} ${members.map(({ user }) => user).join(" ")}`];
    }),
  );
/** The files after writing back, which leaves nothing to do. */
async function writtenBack(...changes: readonly Replacement[]): Promise<string> {
  const text = textOf(...changes);
  const texts = [{ name: "office.yaml", text }];
  const { office, renames } = goodFiles(readOfficeFrom(texts));
  const planned = await planWriteBack(live.deps, {
    texts,
    office,
    ...(renames ? { renames } : {}),
    folder: undefined,
  });
  expect(planned).toMatchObject({ outcome: "planned", ok: true, left: [] });
  const after = (planned.outcome === "planned" && planned.ok && planned.files[0]?.after) || text;
  const again = goodFiles(readOfficeFrom([{ name: "office.yaml", text: after }]));
  expect(again.office).toEqual(await live.office());
  expect(await planFiles(live.deps, again, { overwrite: false })).toMatchObject({
    difference: { changes: [] },
    drift: [],
  });
  expect(await applyFiles(live.deps, APPLY, again)).toMatchObject({ outcome: "unchanged", kept: [] });
  expect(await drift()).toEqual([]);
  return after;
}

const SALES = "id: sales, extension: 200, members: [{ user: alice.wong }]";
const MEMBER: Replacement = [SALES, SALES.replace("}]", "}, { user: bob.stone }]")];
const LONGER: Replacement = ["ring: group:sales, timeout: 20", "ring: group:sales, timeout: 45"];

describe("a group that a command renamed", () => {
  beforeEach(() => edit(rename("sales", "verkauf")));

  it("drifts in its id alone", async () => {
    expect(await drift()).toEqual(["group:verkauf.id"]);
    expect(await planFiles(live.deps, files(), { overwrite: false })).toMatchObject({
      difference: { changes: [] },
      renamedByCommand: [{ kind: "group", from: "sales", to: "verkauf" }],
      drift: [
        {
          kind: "groups",
          key: "verkauf",
          change: "changed",
          renamedFrom: "sales",
          fields: [{ field: "id", from: "sales" }],
        },
      ],
    });
  });

  it("becomes as the files say it in everything else, and so does what refers to it", async () => {
    expect(await apply([MEMBER, LONGER])).toMatchObject({
      outcome: "applied",
      kept: [{ key: "verkauf", field: "id" }],
    });
    expect(await groups()).toEqual({ verkauf: "200 alice.wong bob.stone", help: "201 bob.stone" });
    expect(exportSteps((await live.office()).flows["day"] ?? [])).toEqual([
      { ring: "group:verkauf", timeout: 45 },
      { voicemail: "group:verkauf" },
    ]);
    expect(await drift()).toEqual(["group:verkauf.id"]);
    // The same files again have nothing to do.
    expect(await apply([MEMBER, LONGER])).toMatchObject({ outcome: "unchanged" });
  });

  it("keeps its messages through all of that", async () => {
    await live.leaveMessage("m", "group:verkauf", "alice.wong");
    await apply([MEMBER]);
    await apply([MEMBER], { overwrite: true });
    expect(await live.deps.store.messagesKept("group:sales")).toEqual(["m"]);
  });

  it("is written back in its place, with what the files say of it meanwhile", async () => {
    await edit({ verb: "set", kind: "group", id: "verkauf", fields: { name: "Verkauf" } });
    await apply([MEMBER]);
    expect(await writtenBack(MEMBER)).toBe(
      textOf(MEMBER)
        .replaceAll("group:sales", "group:verkauf")
        .replace("id: sales,", "id: verkauf, name: Verkauf,"),
    );
  });

  it.each<[string, boolean | readonly string[]]>([
    ["all", true],
    ["its id", ["group:verkauf.id"]],
    ["the group by its id", ["group:verkauf"]],
    ["the group by the files' id", ["group:sales"]],
    ["its id, by the files' id", ["group:sales.id"]],
  ])("is renamed back where --overwrite says %s", async (_what, overwrite) => {
    expect(await apply([MEMBER], { overwrite })).toMatchObject({ outcome: "applied", kept: [] });
    expect(await groups()).toEqual({ sales: "200 alice.wong bob.stone", help: "201 bob.stone" });
    expect(await drift()).toEqual([]);
    expect(await live.deps.store.renamesBetween(0)).toEqual([]);
  });

  it("is renamed back in the plan, too, and not where --keep says so", async () => {
    expect(await planFiles(live.deps, files(), { overwrite: true })).toMatchObject({
      renames: [{ kind: "group", from: "verkauf", to: "sales" }],
      removes: [],
      drift: [],
    });
    const kept = { overwrite: true, keep: ["group:verkauf.id"] };
    expect(await planFiles(live.deps, files(MEMBER), kept)).toMatchObject({
      renames: [],
      difference: { changes: [{ key: "verkauf", change: "changed" }] },
      drift: [{ key: "verkauf", renamedFrom: "sales" }],
    });
  });

  it("is no drift any more when the files have its new id, by renamed_from or by hand", async () => {
    const newId: Replacement = ["id: sales", "id: verkauf, renamed_from: sales"];
    const others: Replacement = ["group:sales", "group:verkauf"];
    expect(await apply([newId, others])).toMatchObject({ outcome: "unchanged", kept: [] });
    expect(await drift()).toEqual([]);
    await edit(rename("help", "hilfe"));
    const byHand: readonly Replacement[] = [
      newId,
      others,
      ["id: help", "id: hilfe"],
      ["group:help", "group:hilfe"],
    ];
    expect(await apply(byHand)).toMatchObject({ outcome: "unchanged", kept: [] });
    expect(await drift()).toEqual([]);
  });

  it("has the command's id, where the files give it yet another", async () => {
    const third: readonly Replacement[] = [
      ["id: sales", "id: handel, renamed_from: sales"],
      ["group:sales", "group:handel"],
    ];
    expect(await apply(third)).toMatchObject({ outcome: "unchanged" });
    expect(await groups()).toEqual({ verkauf: "200 alice.wong", help: "201 bob.stone" });
    expect(await apply(third, { overwrite: ["group:verkauf.id"] })).toMatchObject({ outcome: "applied" });
    expect(await groups()).toEqual({ handel: "200 alice.wong", help: "201 bob.stone" });
    expect(await drift()).toEqual([]);
  });

  it("goes when the files no longer have it", async () => {
    const gone: readonly Replacement[] = [
      [`  - { ${SALES} }\n`, ""],
      ["group:sales", "group:help"],
    ];
    expect(await apply(gone)).toMatchObject({ outcome: "applied", kept: [] });
    expect(await groups()).toEqual({ help: "201 bob.stone" });
    expect(await drift()).toEqual([]);
  });

  it("is what the files have under the new id, and what has the old one there is new", async () => {
    await live.leaveMessage("m", "group:verkauf", "alice.wong");
    const both: readonly Replacement[] = [
      [
        SALES,
        `id: verkauf, extension: 200, members: [{ user: alice.wong }] }\n  - { id: sales, members: [{ user: bob.stone }]`,
      ],
      ["group:sales", "group:verkauf"],
    ];
    expect(await apply(both)).toMatchObject({ outcome: "applied", kept: [] });
    expect(await groups()).toEqual({
      verkauf: "200 alice.wong",
      sales: "undefined bob.stone",
      help: "201 bob.stone",
    });
    expect(await live.deps.store.messagesKept("group:verkauf")).toEqual(["m"]);
  });

  it("stays what it is beside a new group of the old id", async () => {
    await edit({ verb: "add", kind: "group", id: "sales", fields: { members: [{ user: "bob.stone" }] } });
    expect(await drift()).toEqual(["group:verkauf.id", "group:sales"]);
    await apply([MEMBER]);
    expect(await groups()).toEqual({
      verkauf: "200 alice.wong bob.stone",
      sales: "undefined bob.stone",
      help: "201 bob.stone",
    });
    expect(await apply([], { overwrite: ["group:verkauf.id"] })).toMatchObject({
      outcome: "files_do_not_fit",
      faults: [{ where: "group verkauf", code: "wrong_rename" }],
    });
    expect(await writtenBack(MEMBER)).toContain("id: verkauf, extension: 200");
  });

  it("stays removed when a command removes it then", async () => {
    await edit({ verb: "remove", kind: "group", id: "verkauf", options: { replaceBy: "help" } });
    await apply([["name: Bob", "name: Bobby"]]);
    expect(await groups()).toEqual({ help: "201 bob.stone" });
    expect(
      await planFiles(live.deps, files(["name: Bob", "name: Bobby"]), { overwrite: false }),
    ).toMatchObject({
      drift: expect.arrayContaining([expect.objectContaining({ key: "sales", change: "removed" })]),
    });
    expect(await writtenBack(["name: Bob", "name: Bobby"])).not.toContain("sales");
  });

  it("is back under the files' id after a rollback to before, and under the new one after one to then", async () => {
    await rollBack(live.deps, { author: "eve", revision: 1 });
    expect([await groups(), await drift()]).toEqual([{ sales: "200 alice.wong", help: "201 bob.stone" }, []]);
    await rollBack(live.deps, { author: "eve", revision: 2 });
    expect(await drift()).toEqual(["group:verkauf.id"]);
    await edit({ verb: "remove", kind: "group", id: "verkauf", options: { replaceBy: "help" } });
    await rollBack(live.deps, { author: "eve", revision: 2 });
    expect(await drift()).toEqual(["group:verkauf.id"]);
    await apply([MEMBER]);
    expect(await groups()).toEqual({ verkauf: "200 alice.wong bob.stone", help: "201 bob.stone" });
  });
});

describe("renames one after the other", () => {
  it("are one, from the files' id to the last", async () => {
    await edit(rename("sales", "first"), rename("first", "verkauf"));
    expect(await drift()).toEqual(["group:verkauf.id"]);
    await apply([MEMBER]);
    expect(await groups()).toEqual({ verkauf: "200 alice.wong bob.stone", help: "201 bob.stone" });
    expect(await writtenBack(MEMBER)).toContain("id: verkauf,");
  });

  it("that lead back are none", async () => {
    await edit(rename("sales", "verkauf"), rename("verkauf", "sales"));
    expect(await drift()).toEqual([]);
    expect(await apply([])).toMatchObject({ outcome: "unchanged" });
  });

  it("may hand an id on", async () => {
    await edit(rename("help", "third"), rename("sales", "help"));
    expect(await drift()).toEqual(["group:third.id", "group:help.id"]);
    await apply([MEMBER]);
    expect(await groups()).toEqual({ help: "200 alice.wong bob.stone", third: "201 bob.stone" });
    expect(await writtenBack(MEMBER)).toContain("id: third,");
  });

  const SWAP = [rename("sales", "aside"), rename("help", "sales"), rename("aside", "help")];
  it("may exchange two ids", async () => {
    await edit(...SWAP);
    expect(await drift()).toEqual(["group:sales.id", "group:help.id"]);
    await apply([MEMBER]);
    expect(await groups()).toEqual({ help: "200 alice.wong bob.stone", sales: "201 bob.stone" });
    expect(await writtenBack(MEMBER)).toContain(
      "{ id: help, extension: 200, members: [{ user: alice.wong }, ",
    );
  });

  it("that exchange two ids are taken back at once", async () => {
    await edit(...SWAP);
    await apply([MEMBER], { overwrite: true });
    expect(await groups()).toEqual({ sales: "200 alice.wong bob.stone", help: "201 bob.stone" });
    expect(await drift()).toEqual([]);
  });

  it("onto the id of something that a command removed are a removal and a change", async () => {
    await edit(
      { verb: "remove", kind: "group", id: "help", options: { replaceBy: "sales" } },
      rename("sales", "help"),
    );
    const before = await groups();
    expect(await apply([MEMBER])).toMatchObject({ outcome: "unchanged" });
    expect(await groups()).toEqual(before);
    expect(await writtenBack(MEMBER)).not.toContain("sales");
  });
});

describe("a flow that a command renamed", () => {
  beforeEach(() => edit(rename("day", "haupt", "flow")));

  it("has the steps that the files give it, and its number leads there", async () => {
    expect(await drift()).toEqual(["flow:haupt.id"]);
    await apply([LONGER]);
    expect(Object.keys((await live.office()).flows)).toEqual(["haupt", "night"]);
    expect((await live.office()).flows["haupt"]?.[0]).toMatchObject({ timeoutMs: 45_000 });
    expect(await writtenBack(LONGER)).toContain('number: "+12125550100", flow: haupt');
  });

  it("is renamed back by --overwrite", async () => {
    await apply([LONGER], { overwrite: ["flow:haupt.id"] });
    expect(Object.keys((await live.office()).flows)).toEqual(["day", "night"]);
  });
});

describe("a device that a command renamed", () => {
  const device = (from: string, to: string): Edit => ({
    verb: "rename",
    kind: "device",
    id: `alice.wong/${from}`,
    to,
  });
  const CELL: Replacement = ['"+12125550144"', '"+12125550177"'];
  const devices = async () =>
    (await live.office()).users.flatMap((user) =>
      user.devices.map(({ id, at }) => `${id} ${at.kind === "sip" ? at.name : at.number}`),
    );

  it("drifts in its id alone, and has all else from the files", async () => {
    await edit(device("cell", "mobile"));
    expect(await drift()).toEqual(["user:alice.wong.devices.mobile.id"]);
    await apply([CELL]);
    expect(await devices()).toEqual(["desk alice-desk", "mobile +12125550177"]);
    expect(await drift()).toEqual(["user:alice.wong.devices.mobile.id"]);
    expect(await writtenBack(CELL)).toBe(textOf(CELL).replace("id: cell", "id: mobile"));
  });

  it("takes along what drifts of it", async () => {
    await edit({ verb: "set", kind: "device", id: "alice.wong/cell", fields: { delay: 5 } });
    await edit(device("cell", "mobile"));
    expect((await drift()).sort()).toEqual([
      "user:alice.wong.devices.mobile",
      "user:alice.wong.devices.mobile.id",
    ]);
    await edit({ verb: "set", kind: "device", id: "alice.wong/mobile", fields: { delay: null } });
    expect(await drift()).toEqual(["user:alice.wong.devices.mobile.id"]);
  });

  it.each([["user:alice.wong.devices.mobile.id"], ["user:alice.wong.devices.cell"], ["user:alice.wong"]])(
    "is renamed back by --overwrite %s",
    async (name) => {
      await edit(device("cell", "mobile"));
      await apply([CELL], { overwrite: [name] });
      expect(await devices()).toEqual(["desk alice-desk", "cell +12125550177"]);
      expect(await drift()).toEqual([]);
    },
  );

  it("may exchange its id with another, and stay removed", async () => {
    await edit(device("cell", "aside"), device("desk", "cell"), device("aside", "desk"));
    await apply([CELL]);
    expect(await devices()).toEqual(["cell alice-desk", "desk +12125550177"]);
    await edit({ verb: "remove", kind: "device", id: "alice.wong/desk", options: {} });
    await apply([["name: Bob", "name: Bobby"]]);
    expect(await devices()).toEqual(["cell alice-desk"]);
    expect(await writtenBack(["name: Bob", "name: Bobby"])).toContain(
      "devices: [{ id: cell, sip: alice-desk }]",
    );
  });
});
