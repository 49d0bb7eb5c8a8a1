/**
 * Goal: flows are shown and changed by command, step by step or as a whole. Method: command lines on a real database of
 * the sample office.
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

async function steps(id = "front-desk") {
  return (await office.json("flow", "show", id)).steps;
}

const ALICE = { ring: "user:alice.wong", timeout: 20, accept: "auto" };
const RECEPTION = { ring: "group:reception", timeout: 30, accept: "always" };
const END = { hangup: "no_answer" };

describe("flow set", () => {
  it.each<[string[], object[]]>([
    [
      ["--add", "announce: please-hold"],
      [ALICE, RECEPTION, { announce: "please-hold" }, END],
    ],
    [
      ["--add", "{ announce: please-hold }", "--at", "1"],
      [{ announce: "please-hold" }, ALICE, RECEPTION, END],
    ],
    [
      ["--move", "1:2"],
      [RECEPTION, ALICE, END],
    ],
    [
      ["--move", "2:1"],
      [RECEPTION, ALICE, END],
    ],
    [
      ["--remove-step", "1"],
      [RECEPTION, END],
    ],
    [["--remove-step", "1", "--remove-step", "2"], [END]],
  ])("%j", async (options, expected) => {
    const out = await office.must("flow", "set", "front-desk", ...options);
    expect(out).toContain("revision 2: flow ~1\nfront-desk\n  steps        1. ");
    expect(out).toContain("  led to from  number +12125550105\n");
    expect(await steps()).toEqual(expected);
  });

  it("takes the steps of a file, and makes a flow that is not there", async () => {
    const file = office.file("night.yaml", "- announce: closed\n- voicemail: group:reception\n");
    expect(await office.must("flow", "set", "night", file)).toContain("  + night\n");
    expect(await steps("night")).toEqual([{ announce: "closed" }, { voicemail: "group:reception" }]);
  });

  it("reads what flow show --yaml and --json write", async () => {
    const yaml = await office.must("flow", "show", "front-desk", "--yaml");
    expect((await office.reading(yaml.replace("30", "40"), "flow", "set", "front-desk", "-")).code).toBe(0);
    expect(await steps()).toEqual([ALICE, { ...RECEPTION, timeout: 40 }, END]);
    const json = JSON.stringify([ALICE, END]);
    const ran = await office.reading(json, "flow", "set", "front-desk", "-", "--json");
    expect(JSON.parse(ran.out)).toMatchObject({
      ok: true,
      outcome: "applied",
      revision: 3,
      id: "front-desk",
      steps: [ALICE, END],
      ledFrom: ["number +12125550105"],
    });
  });

  it("--dry-run shows the plan, and writes nothing", async () => {
    const { out, code } = await office.on("flow", "set", "front-desk", "--remove-step", "2", "--dry-run");
    expect(code).toBe(2);
    expect(out).toContain("these numbers ring other phones when nobody answers\n  +12125550105\n");
    expect(await office.revision()).toBe(1);
  });

  it.each<[string[], string]>([
    [["front-desk"], "one of a file, --add, --move and --remove-step"],
    [["front-desk", "--move", "1:2", "--remove-step", "1"], "one kind at a time"],
    [["front-desk", "--move", "1:2", "--at", "1"], "--at goes with --add"],
    [["front-desk", "--move", "one:two"], "Not of the form 3:1"],
    [["front-desk", "--move", "1:4"], "the flow has no step 4: a position is from 1 to 3"],
    [["front-desk", "--add", "announce: closed", "--at", "5"], "a position is from 1 to 4"],
    [["front-desk", "--remove-step", "0"], "the flow has no step 0"],
    [["front-desk", "--remove-step", "3"], "falls off its end"],
    [["front-desk", "--add", "anounce: closed"], "did you mean: announce"],
    [["front-desk", "--add", "announce: [closed"], "`announce: [closed`: "],
    [["front-desk", "--add", "send: flow:front-desk", "--at", "3"], "never gets to this step"],
    [["front-dest", "--remove-step", "1"], "there is no flow `front-dest`; did you mean front-desk?"],
    [["front-desk", "none.yaml"], "none.yaml: there is no such file"],
    [["front-desk", ACME], "expected a list of steps"],
  ])("%j is refused", async (args, why) => {
    const { err, code } = await office.on("flow", "set", ...args);
    expect(code).toBe(1);
    expect(err).toContain(why);
    expect(await office.revision()).toBe(1);
  });

  it("names the line of a file that is no YAML", async () => {
    const file = office.file("broken.yaml", "- announce: closed\n- { hangup: busy\n");
    const { err } = await office.on("flow", "set", "front-desk", file);
    expect(err).toMatch(/broken\.yaml:\d+:\d+: /);
  });
});

describe("flow remove and rename", () => {
  it("refuse what would dangle, and carry what leads there", async () => {
    const refused = await office.on("flow", "remove", "front-desk");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("number +12125550105: leads to the flow `front-desk`");
    await office.must("flow", "rename", "front-desk", "welcome");
    expect((await office.json("number", "show", "+12125550105")).number.flow).toBe("welcome");
    await office.must("number", "set", "+12125550105", "--to", "user:bob.stone");
    expect(await office.must("flow", "list", "--unused")).toContain("welcome  unused  ring user:alice.wong");
    expect(await office.must("flow", "remove", "welcome")).toContain("flow -1");
  });
});

describe("flow list", () => {
  it("has a line for each flow, by text or by use", async () => {
    expect(await office.must("flow", "list")).toContain(
      "after-announcement  from 1 place  announce please-hold, then send group:reception\n",
    );
    expect((await office.must("flow", "list", "ALICE")).trim().split("\n")).toHaveLength(1);
    expect((await office.on("flow", "list", "--unused")).err).toBe("no flow\n");
    expect(await office.json("flow", "list", "please-hold")).toEqual({
      id: "after-announcement",
      does: "announce please-hold, then send group:reception",
      ledFrom: ["number +12125550106"],
    });
  });
});
