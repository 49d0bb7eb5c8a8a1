/**
 * Goal: edits that are made of a part of the office do what they do to the whole of it: the same revision, the same
 * difference, the same fingerprints; and none is made of a part that the checks of the whole office would refuse. Method:
 * random offices and random edits, each made in both ways on databases of their own.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { drawsOf } from "../../../fixtures/offices/layouts.js";
import { emptyOffice } from "../../../fixtures/offices/live-office.js";
import { randomEdit } from "../../../fixtures/offices/random-edits.js";
import { makeEdits } from "../../../policy/change/edits/make-edits.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { numberTitle, usesOfFlows } from "../../../policy/change/routes/flow-uses.js";
import {
  type NumberOrder,
  type NumberRemark,
  numberSet,
} from "../../../policy/change/routes/number-edits.js";
import type { Office } from "../../../policy/office/office.js";
import { showNumber } from "../views/numbers.js";
import { editOfficeBy } from "./edits.js";
import { setNumber } from "./numbers.js";
import { editPart, partAboutNumber } from "./part.js";

const FILES = { author: "ann", message: "", sourceHash: "00", nowMs: 1 };
const EDITS = 12;

/** Edits that give names that others may have, besides the random ones. */
function clash(office: Office, draw: (below: number) => number): Edit | undefined {
  const { users, groups, numbers } = office;
  const [user, other] = [users[draw(users.length)], users[draw(users.length)]];
  const group = groups[draw(groups.length)];
  if (user === undefined || other === undefined) return undefined;
  const number = numbers[draw(numbers.length)];
  const sip = other.devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []))[0] ?? "free.name";
  const extension = [other.extension, group?.extension, `${other.extension ?? "10"}1`, "777", null][draw(5)];
  const target = [`user:${other.username}`, `group:${group?.id}`, `extension:${other.extension ?? "999"}`][
    draw(3)
  ];
  const fields = [
    { extension: extension ?? null },
    { email: other.email?.toUpperCase().replace("EXAMPLE.ORG", "example.org") ?? "free@example.org" },
    { outbound_number: number?.number ?? "+12125550199" },
    { no_answer: [{ send: target }] },
    { no_answer: [{ ring: target, timeout: 10 }, { voicemail: `user:${user.username}` }] },
    { suspended: draw(2) === 0 },
  ][draw(6)];
  const device = user.devices[draw(user.devices.length)];
  if (draw(4) === 0 && device?.at.kind === "sip")
    return { verb: "set", kind: "device", id: `${user.username}/${device.id}`, fields: { sip } };
  if (draw(5) === 0 && number !== undefined)
    return { verb: "set", kind: "number", id: number.number, fields: { steps: [{ send: target }] } };
  return { verb: "set", kind: "user", id: user.username, fields: fields ?? {} };
}

/** What somebody may ask of a number, in the words of the command. */
function numberOrder(
  { numbers, users, groups, flows }: Office,
  draw: (below: number) => number,
): NumberOrder | undefined {
  const number = numbers[draw(numbers.length)]?.number;
  const [user, group] = [users[draw(users.length)]?.username, groups[draw(groups.length)]?.id];
  if (number === undefined) return undefined;
  const flow = Object.keys(flows)[0] ?? "none";
  const other = numbers[draw(numbers.length)]?.number ?? "";
  const to =
    [`user:${user}`, `group:${group}`, `flow:${flow}`, "extension:101", "+16465550199", other][draw(6)] ?? "";
  const route = [{ to }, { ring: 40 }, { after: "hangup" }, { to, after: "voicemail" }][draw(4)] ?? {};
  return { number, fields: draw(3) === 0 ? { label: "Line" } : {}, route, forAll: draw(2) === 0 };
}

it("what is asked of a number is the same of a part", async () => {
  let ofPart = 0;
  await fc.assert(
    fc.asyncProperty(officeArbitrary, drawsOf(fc), async (office, draw) => {
      const live = await emptyOffice();
      try {
        await live.deps.store.applyOffice(office, FILES);
        for (let count = EDITS; count > 0; count -= 1) {
          const now = await live.office();
          const order = numberOrder(now, draw);
          if (order === undefined) continue;
          const revision = await live.deps.store.currentRevision();
          const about = partAboutNumber(live.deps.store, revision, order.number);
          const shown = await showNumber(live.deps, order.number);
          const uses = usesOfFlows(now).get(flowOf(now, order.number) ?? "") ?? [];
          if ((await about) !== undefined) {
            ofPart += 1;
            const shared = uses.filter((use) => use !== numberTitle(order.number));
            expect("flowSharedWith" in shown && [...shown.flowSharedWith].sort()).toEqual(shared.sort());
          }
          const expected = numberSet(now, order);
          const all = expected.ok ? makeEdits(now, expected.edits) : expected;
          const ended = await setNumber(live.deps, { author: "eve" }, order);
          expect(ended.outcome === "refused", JSON.stringify(order)).toBe(!all.ok);
          if (all.ok) expect(await live.office()).toEqual(all.office);
          if (expected.ok && ended.outcome !== "refused")
            expect(sorted(ended.remarks)).toEqual(sorted(expected.remarks));
        }
      } finally {
        await live.close();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(ofPart).toBeGreaterThan(20);
}, 120_000);

function flowOf({ numbers }: Office, wanted: string): string | undefined {
  const leadsTo = numbers.find(({ number }) => number === wanted)?.leadsTo;
  return leadsTo?.kind === "flow" ? leadsTo.flow : undefined;
}

/** Places that lead to a flow are told in the order in which they are found. */
function sorted(remarks: readonly NumberRemark[] = []): readonly unknown[] {
  return remarks.map((remark) => ("for" in remark ? { ...remark, for: [...remark.for].sort() } : remark));
}

it("edits of a part agree with edits of the whole office", async () => {
  let [ofPart, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(officeArbitrary, drawsOf(fc), async (office, draw) => {
      const [quick, whole] = [await emptyOffice(), await emptyOffice()];
      try {
        for (const { deps } of [quick, whole]) await deps.store.applyOffice(office, FILES);
        for (let count = EDITS; count > 0; count -= 1) {
          const live = await whole.office();
          const edit = draw(2) === 0 ? clash(live, draw) : randomEdit(live, draw);
          if (edit === undefined) continue;
          const revision = await quick.deps.store.currentRevision();
          const part = await editPart(quick.deps.store, revision, [edit]);
          const all = makeEdits(live, [edit]);
          if (part !== undefined) ofPart += 1;
          else if (!all.ok) refused += 1;
          if (part !== undefined) expect(all, JSON.stringify(edit)).toMatchObject({ ok: true });
          // A list of edits that depends on the office is made of the whole office.
          const ended = await editOfficeBy(quick.deps, { author: "eve" }, [edit]);
          const expected = await editOfficeBy(whole.deps, { author: "eve" }, () => [edit]);
          expect(ended).toEqual(expected);
          const now = await quick.office();
          expect(now).toEqual(await whole.office());
          expect(await quick.deps.store.drift()).toEqual(await whole.deps.store.drift());
        }
        // Fingerprints that are wrong would find other differences, or none.
        const now = await quick.office();
        expect(await quick.deps.store.applyOffice(now, FILES)).toMatchObject({ outcome: "unchanged" });
        const others = now.users.map((user) => ({ ...user, name: `${user.name}.` }));
        await quick.deps.store.applyOffice({ ...now, users: others }, FILES);
        expect((await quick.office()).users).toEqual(others);
      } finally {
        await quick.close();
        await whole.close();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(ofPart).toBeGreaterThan(15);
  expect(refused).toBeGreaterThan(3);
}, 120_000);
