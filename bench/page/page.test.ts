/** Goal: docs/benchmarks.md and its plots are what the kept results give, and the page has every figure of a result. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { expectFile } from "../../fixtures/expected-text.js";
import { BENCHES } from "../catalogue.js";
import { keptResults, type Result } from "../results.js";
import { benchmarksPage, PLOT_FOLDER } from "./page.js";

const DOCS = fileURLToPath(new URL("../../docs", import.meta.url));

const RESULT: Result = {
  bench: "control",
  command: "npm run bench -- control --rounds 3",
  day: "2026-11-30",
  commit: "abc1234567",
  machine: { cpu: "Some CPU", cores: 2, memoryGiB: 23.5, system: "Linux 6.1 x64", loadBefore: 0.1 },
  node: "v24.1.0",
  switch: "FreeSWITCH Version 1.10.12",
  parts: [
    "desk: one desk phone",
    { heads: ["carried by", "p99"], rows: [["engine | asked", "<3.5"]] },
    "a sentence",
  ],
  plots: [
    {
      kind: "bars",
      name: "desk",
      title: "INVITE to INVITE & more",
      unit: "ms",
      groups: [{ name: "25/s", bars: [{ name: "engine", value: 3.5 }] }],
    },
  ],
  figures: {},
};

describe("the docs", () => {
  const page = benchmarksPage(keptResults());

  it("have the page that the kept results give", () => {
    expectFile(join(DOCS, "benchmarks.md"), page.markdown);
  });

  it("have the plots that the kept results give, and no others", () => {
    for (const [name, svg] of page.plots) expectFile(join(DOCS, PLOT_FOLDER, name), svg);
    const folder = join(DOCS, PLOT_FOLDER);
    const there = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".svg")) : [];
    expect(there.sort()).toEqual([...page.plots.keys()].sort());
  });
});

describe("the page", () => {
  it("has a section for each benchmark, with or without a result", () => {
    const { markdown } = benchmarksPage([RESULT]);
    const names = [...markdown.matchAll(/^## `npm run bench -- (\w+)`$/gm)].map(([, name]) => name);
    expect(names).toEqual(Object.keys(BENCHES));
    expect(markdown.match(/No result is kept\./g)).toHaveLength(names.length - 1);
  });

  it("says of each result how and where it came about, and what it is", () => {
    const { markdown, plots } = benchmarksPage([RESULT]);
    for (const line of [
      "`npm run bench -- control --rounds 3`, 2026-11-30 (abc1234567), Node v24.1.0; FreeSWITCH Version 1.10.12; Some CPU, 2 cores, 23.5 GiB, Linux 6.1 x64, load before 0.1",
      "desk: one desk phone.",
      "| carried by | p99 |\n|---|---|\n| engine \\| asked | &lt;3.5 |",
      "a sentence.",
      "![INVITE to INVITE & more](benchmarks/control-desk.svg)",
    ])
      expect(markdown).toContain(line);
    expect(plots.get("control-desk.svg")).toContain("INVITE to INVITE &amp; more");
  });

  it("says that sources were changed, and that no switch was measured", () => {
    const { markdown } = benchmarksPage([{ ...RESULT, commit: "", switch: "" }]);
    expect(markdown).toContain(
      "2026-11-30, sources with changes that are not committed, Node v24.1.0; Some CPU",
    );
  });

  it("refuses a result that it does not know", () => {
    expect(() => benchmarksPage([{ ...RESULT, bench: "guess" }])).toThrow("unknown benchmark: guess");
  });
});
