/**
 * Goal: each kind of step keeps what its definition promises, and has its page in the docs. Method: random steps of
 * every kind, made by its own generator in an office that has one of everything, through the checks of files and back.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { END, officeWith, randomSections, randomSteps } from "../../fixtures/offices/any-step.js";
import type { Target } from "../office/target.js";
import { exportOffice } from "../office-file/export.js";
import { resolveOffice } from "../office-file/resolve.js";
import { goesOn } from "./graph.js";
import { kindNamed, kindOf, STEP_KINDS } from "./registry.js";
import type { Step } from "./types.js";
import { stepsText, takenText } from "./words.js";

describe.each(STEP_KINDS.map((kind) => [kind.name, kind] as const))("the kind %s", (name, kind) => {
  it("makes steps of its own, which have words and lead somewhere", () => {
    fc.assert(
      fc.property(randomSteps(kind), (step) => {
        expect(step.kind).toBe(name);
        expect(kindOf(step)).toBe(kind);
        expect(stepsText([step])).toMatch(/^\S.*\S$/);
        expect(takenText(step)).toContain(kind.what(step));
        expect(kind.what(step)).not.toBe("");
        expect(kind.leads(step).length).toBeGreaterThan(0);
        expect(goesOn(step)).toBe(kind.goesOn);
      }),
    );
  });

  it("writes what its schema lets through, and reads the same step from it", () => {
    fc.assert(
      fc.property(randomSteps(kind), randomSections(kind), (step, sections) => {
        expect(kind.schema.safeParse(kind.write(step)).error).toBeUndefined();
        const office = officeWith(goesOn(step) ? [step, END] : [step], sections);
        const read = resolveOffice([exportOffice(office)]);
        expect(read.problems.filter(({ severity }) => severity === "error")).toEqual([]);
        expect(read.office).toEqual(office);
      }),
    );
  });

  it("is told by its own key, which is the first of its schema", () => {
    expect(Object.keys(kind.schema.shape)[0]).toBe(name);
  });

  it("says in a test of the office only what its pattern reads", () => {
    fc.assert(
      fc.property(randomSteps(kind), (step) => {
        const { expectation } = kind;
        if (expectation !== undefined)
          expect(kind.what(step)).toMatch(new RegExp(`^(?:${expectation.pattern})$`));
      }),
    );
  });

  it("has a page in the docs, with its example and each of its keys", () => {
    const path = `docs/steps/${name}.md`;
    expect(existsSync(path), `write the page ${path}, with the example of the definition`).toBe(true);
    const page = readFileSync(path, "utf8");
    expect(page).toContain(`\`\`\`yaml\n${kind.example}\n\`\`\``);
    for (const key of Object.keys(kind.schema.shape)) expect(page).toContain(`| \`${key}\` |`);
    expect(readFileSync("docs/office.md", "utf8"), `docs/office.md links to ${path}`).toContain(
      `(steps/${name}.md)`,
    );
  });

  it("has an example that its schema lets through", () => {
    const [step] = parse(kind.example);
    expect(kind.schema.safeParse(step).error).toBeUndefined();
  });

  it("has a folder of its name", () => {
    expect(existsSync(`policy/steps/${name}/definition.ts`)).toBe(true);
  });
});

describe("the kinds", () => {
  it("have each their own place in lists", () => {
    expect(new Set(STEP_KINDS.map(({ order }) => order)).size).toBe(STEP_KINDS.length);
  });

  it("are listed, each folder of them", () => {
    const folders = readdirSync("policy/steps", { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() && existsSync(`policy/steps/${entry.name}/index.ts`) ? [entry.name] : [],
    );
    expect(folders.sort()).toEqual(STEP_KINDS.map(({ name }) => name).sort());
  });

  it("have no pages but their own", () => {
    expect(readdirSync("docs/steps").sort()).toEqual(STEP_KINDS.map(({ name }) => `${name}.md`).sort());
  });

  it("are not made up", () => {
    expect(() => kindNamed("teleport")).toThrow("no kind of step is called teleport");
  });
});

describe("steps in words", () => {
  const user: Target = { kind: "user", username: "alice" };
  it.each<[Step, string, string]>([
    [
      { kind: "ring", target: user, timeoutMs: 20_000, skip: false },
      "ring user:alice 20 s",
      "ring user:alice",
    ],
    [
      {
        kind: "ring",
        target: { kind: "group", id: "sales" },
        timeoutMs: null,
        accept: "always",
        strategy: "in_order",
        skip: true,
      },
      "ring group:sales without end (accept always, in_order, may be skipped)",
      "ring group:sales",
    ],
    [{ kind: "announce", sound: "closed" }, "announce closed", "announce closed"],
    [
      { kind: "voicemail", target: { kind: "group", id: "sales" } },
      "voicemail group:sales",
      "voicemail group:sales",
    ],
    [{ kind: "send", target: user }, "send user:alice", "send to user:alice"],
    [END, "hangup busy", "hang up: busy"],
  ])("%o", (step, inPlan, taken) => {
    expect(stepsText([step])).toBe(inPlan);
    expect(takenText(step)).toBe(taken);
  });

  it("are one line a flow", () => {
    expect(stepsText([{ kind: "announce", sound: "closed" }, END])).toBe("announce closed, then hangup busy");
  });
});
