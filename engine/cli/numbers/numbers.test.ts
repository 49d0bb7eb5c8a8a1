/**
 * Goal: where calls to a number go is said in a few words, and nothing changes for other numbers unless asked for.
 * Method: command lines on a real database of the sample office.
 */
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestOffice } from "../../../fixtures/cli/office-of-a-test.js";

const ACME = fileURLToPath(new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url));

let office: TestOffice;

beforeEach(async () => {
  office = await TestOffice.of(ACME);
});
afterEach(() => office.remove());

const MAIN = "+12125550100";
const FRONT = "+12125550105";
const UNUSED = "+12125550109";

/** Two numbers lead to the flow front-desk. */
async function share(): Promise<void> {
  await office.must("number", "set", UNUSED, "--to", "flow:front-desk");
}

async function route(number: string) {
  return (await office.json("number", "show", number)).route;
}

describe("number set", () => {
  it.each<[string[], object]>([
    [["--to", "user:bob.stone"], { to: "user:bob.stone", ring: 20, press1: null, after: "voicemail" }],
    [["--to", "group:billing"], { to: "group:billing", ring: 30, press1: null, after: "voicemail" }],
    [["--to", "flow:front-desk"], { to: "flow:front-desk" }],
    [["--to", "extension:104"], { to: "extension:104" }],
    [["--to", "104"], { to: "extension:104" }],
    [
      ["--to", "(646) 555-0199", "--press-1"],
      { to: "number:+16465550199", ring: 20, press1: true, after: "hangup" },
    ],
    [
      ["--to", "user:bob.stone", "--no-press-1", "--ring", "60", "--then", "hangup"],
      { to: "user:bob.stone", ring: 60, press1: false, after: "hangup" },
    ],
    [
      ["--to", "user:bob.stone", "--ring", "none", "--then", "group:billing"],
      { to: "user:bob.stone", ring: "none", press1: null, after: "group:billing" },
    ],
    [
      ["--to", "user:bob.stone", "--then", "keep-ringing"],
      { to: "user:bob.stone", ring: "none", press1: null, after: "keep-ringing" },
    ],
    [
      ["--to", "+16465550199", "--then", "voicemail:user:bob.stone"],
      { to: "number:+16465550199", ring: 20, press1: null, after: "voicemail:user:bob.stone" },
    ],
  ])("%j", async (options, expected) => {
    await office.must("number", "set", UNUSED, ...options);
    const shown = await route(UNUSED);
    const flow = (await office.json("number", "show", UNUSED)).number.flow;
    if (flow === undefined) expect(shown).toEqual(expected);
    else expect(expected).toEqual({ to: `flow:${flow}` });
  });

  it("shows the change, the revision, and the number as it is now", async () => {
    const out = await office.must(
      ...["number", "set", UNUSED, "--to", "user:bob.stone", "--label", "Bob", "--message", "Bob's line"],
    );
    expect(out).toBe(
      [
        "numbers",
        "  ~ +12125550109",
        "      label: Not in use yet -> Bob",
        "      steps: (none) -> ring user:bob.stone 20 s, then voicemail user:bob.stone",
        "these numbers ring other phones when nobody answers",
        "  +12125550109",
        "      rang before: nobody",
        "      rings now: bob.stone/desk, bob.stone/soft after 3 s",
        "revision 2: number ~1",
        "+12125550109",
        "  label         Bob",
        "  a call to it  rings user:bob.stone for 20 s",
        "                then a message for user:bob.stone",
        "  rings         bob.stone/desk, bob.stone/soft after 3 s",
        "  drift         flow changed by command in revision 2, ann: Bob's line",
        "                label changed by command in revision 2, ann: Bob's line",
        "",
      ].join("\n"),
    );
  });

  it("changes only what is named", async () => {
    await office.must("number", "set", UNUSED, "--to", "user:bob.stone", "--press-1", "--ring", "40");
    await office.must("number", "set", UNUSED, "--then", "hangup");
    await office.must("number", "set", UNUSED, "--to", "group:billing");
    expect(await route(UNUSED)).toEqual({ to: "group:billing", ring: 40, press1: true, after: "hangup" });
    await office.must("number", "set", UNUSED, "--auto-press-1", "--label", "none");
    expect((await office.json("number", "show", UNUSED)).number).toEqual({
      number: UNUSED,
      steps: [{ ring: "group:billing", timeout: 40 }, { hangup: "no_answer" }],
    });
  });

  it("makes steps of its own for a number whose flow others use, and says so", async () => {
    await share();
    const before = (await office.json("number", "show", UNUSED)).rings;
    const out = await office.must("number", "set", FRONT, "--to", "group:billing");
    expect(out).toContain(
      "the flow front-desk stays as it is, for number +12125550109; --for-all changes it for all\n",
    );
    expect((await office.json("number", "show", UNUSED)).rings).toEqual(before);
  });

  it("changes the flow for all when asked to, and says for whom", async () => {
    await share();
    const out = await office.must("number", "set", FRONT, "--to", "group:billing", "--for-all");
    expect(out).toContain("the flow front-desk is changed for all: also for number +12125550109\n");
    expect((await office.json("flow", "show", "front-desk")).steps).toEqual([
      { ring: "group:billing", timeout: 30 },
      { voicemail: "group:billing" },
    ]);
    expect(await office.must("number", "show", UNUSED)).toContain("front-desk, also of number +12125550105");
  });

  it("says that nothing leads to a flow any more", async () => {
    expect(await office.must("number", "set", FRONT, "--to", "user:bob.stone")).toContain(
      "nothing leads to the flow front-desk any more; `ringline flow remove front-desk` removes it\n",
    );
    expect(await office.must("flow", "remove", "front-desk")).toContain("flow -1");
  });

  it("takes all steps from a file or from standard input", async () => {
    const steps =
      "- { announce: please-hold }\n- { ring: user:bob.stone, timeout: 90 }\n- { hangup: busy }\n";
    const file = office.file("steps.yaml", steps);
    await office.must("number", "set", UNUSED, "--steps", file);
    expect(await office.must("number", "show", UNUSED)).toContain("rings user:bob.stone for 90 s");
    const json = '{ "steps": [{ "hangup": "busy" }] }';
    expect((await office.reading(json, "number", "set", UNUSED, "--steps", "-")).code).toBe(0);
    expect((await office.json("number", "show", UNUSED)).number.steps).toEqual([{ hangup: "busy" }]);
  });

  it("--dry-run shows the plan with plan's exit code, and writes nothing", async () => {
    const { out, code } = await office.on("number", "set", MAIN, "--ring", "45", "--dry-run");
    expect(code).toBe(2);
    expect(out).toContain("      ~ 1: ring group:reception 30 s -> ring group:reception 45 s");
    expect(out).not.toContain("revision 2");
    expect(await office.revision()).toBe(1);
    expect((await office.on("number", "set", MAIN, "--ring", "30", "--dry-run")).code).toBe(0);
  });

  it("--json has the change, what became of the flow, and the number", async () => {
    await share();
    expect(await office.json("number", "set", FRONT, "--to", "user:bob.stone")).toMatchObject({
      ok: true,
      outcome: "applied",
      revision: 3,
      changes: [{ kind: "numbers", key: FRONT }],
      remarks: [{ kind: "flow_stays", flow: "front-desk", for: ["number +12125550109"] }],
      route: { to: "user:bob.stone" },
      number: { number: FRONT },
    });
  });

  it.each<[string[], string]>([
    [[MAIN], "nothing to change: say --to, --ring, --then"],
    [[MAIN, "--for-all"], "nothing to change: say --to, --ring, --then"],
    [[MAIN, "--ring", "5"], "Not 10 to 60 seconds, or none"],
    [[MAIN, "--ring", "61"], "Not 10 to 60 seconds, or none"],
    [[MAIN, "--ring", "forever"], "Not 10 to 60 seconds, or none"],
    [[MAIN, "--to", "user:bob.ston"], "did you mean: user:bob.stone"],
    [[MAIN, "--to", "bob.stone"], "`bob.stone` is no destination; did you mean user:bob.stone?"],
    [[MAIN, "--to", "group:sales"], "there is no group `sales`"],
    [[MAIN, "--to", "flow:none"], "there is no flow `none`"],
    [[MAIN, "--to", "199"], "there is no extension `199`"],
    [[MAIN, "--to", "user:bob.stone", "--then", "212 555 0105"], "+12125550105 is the office's own number"],
    [[MAIN, "--to", FRONT], "+12125550105 is the office's own number"],
    [[MAIN, "--then", "hangup:rudely"], "one of normal, busy, no_answer"],
    [[MAIN, "--then", "voicemail:bob.stone"], "whose mailbox: user:NAME"],
    [[MAIN, "--to", "flow:front-desk", "--ring", "20"], "flow:front-desk says itself how long"],
    [[FRONT, "--ring", "20"], "its flow does more than ring in one place"],
    [[UNUSED, "--ring", "20"], "calls lead nowhere yet; say --to"],
    [["+12125550199", "--to", "user:bob.stone"], "the office has no number +12125550199"],
    [[MAIN, "--to", "user:bob.stone", "--steps", ACME], "--steps says all that a call does"],
    [[MAIN, "--steps", ACME], "expected a list of steps"],
    [[MAIN, "--steps", "none.yaml"], "none.yaml: there is no such file"],
    [[MAIN, "--to", "user:bob.stone", "--expect", "7"], "revision 1 is live, not 7"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on("number", "set", ...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });
});

describe("number add and remove", () => {
  it("are revisions, and the office is as it was afterwards", async () => {
    const out = await office.must(
      "number",
      "add",
      "(212) 555-0115",
      "--to",
      "group:billing",
      "--label",
      "Bills",
    );
    expect(out).toContain("  + +12125550115\n");
    expect(out).toContain("rings group:billing for 30 s");
    await office.must("number", "add", "+12125550200..99", "--to", "flow:front-desk");
    expect(await office.must("number", "show", "+12125550242")).toContain("+12125550200..99");
    await office.must("number", "add", "any");
    await office.must("number", "remove", "+12125550115", "+12125550200..99", "any");
    expect((await office.on("diff", "1", String(await office.revision()))).out).toBe("no difference\n");
  });

  it.each<[string[], string]>([
    [["number", "add", MAIN], "there is a number `+12125550100` already"],
    [["number", "add", "front door"], "this is not a phone number"],
    [["number", "add", "+12125550115", "--to", "user:nobody"], "there is no user `nobody`"],
    [["number", "remove", "+12125550101"], "the office does not own the number +12125550101"],
    [["number", "remove", MAIN, "+12125550199"], "the office has no number +12125550199"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on(...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });
});

describe("number list", () => {
  async function numbers(...args: string[]): Promise<string[]> {
    const { out } = await office.on("number", "list", ...args, "--json");
    return out
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).number.slice(-3));
  }

  it.each<[string[], string[]]>([
    [["--unused"], ["109"]],
    [["billing"], ["110"]],
    [["(212) 555-011"], ["110", "111", "112"]],
    [["0112"], ["112"]],
    [["--to", "flow:front-desk"], ["105"]],
    // By extension, by a step, and by the flow of a group that sends there.
    [
      ["--to", "user:alice.wong"],
      ["101", "105", "110"],
    ],
    [
      ["--to", "101"],
      ["101", "105", "110"],
    ],
    [["--to", "group:billing"], ["110"]],
    [["--to", "+16465550199"], ["112"]],
    [["--to", "group:reception", "order"], ["111"]],
    [["nothing like it"], []],
  ])("%j", async (args, expected) => {
    expect(await numbers(...args)).toEqual(expected);
  });

  it("has a line for each number, and says when there is none", async () => {
    const out = await office.must("number", "list");
    expect(out).toContain("+12125550105  Front desk          flow front-desk: ring user:alice.wong 20 s");
    expect(out).toContain("+12125550109  Not in use yet      nowhere yet\n");
    expect((await office.on("number", "list", "xyz")).err).toBe("no number\n");
    expect((await office.on("number", "list", "--to", "user:alice.wang")).err).toContain("alice.wong?");
  });
});
