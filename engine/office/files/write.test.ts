/** Goal: applying an exported office changes nothing. Method: any office, written and read again. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { officeArbitrary } from "../../../fixtures/offices/arbitrary.js";
import { exportOffice } from "../../../policy/office-file/export.js";
import { readOfficeFrom } from "./read.js";
import { renderProblems } from "./render.js";
import { writeOfficeFile } from "./write.js";

describe("an exported office", () => {
  it("is the same office when it is read again", () => {
    fc.assert(
      fc.property(officeArbitrary, (office) => {
        const text = writeOfficeFile(exportOffice(office));
        const reading = readOfficeFrom([{ name: "x.yaml", text }]);
        const errors = reading.problems.filter(({ severity }) => severity === "error");
        expect(renderProblems(errors)).toBe("");
        expect(reading.office).toEqual(office);
      }),
      { numRuns: 100 },
    );
  });

  it("reads like the sample people write", () => {
    const sample = new URL("../../../fixtures/offices/acme-dental.yaml", import.meta.url);
    const { office } = readOfficeFrom([{ name: "x.yaml", text: readFileSync(sample, "utf8") }]);
    if (office === undefined) throw new Error("the sample is no office");
    const lines = writeOfficeFile(exportOffice(office)).split("\n");
    expect(lines[0]).toBe("# yaml-language-server: $schema=office.schema.json");
    expect(lines).toContain(
      "office: { name: Acme Dental, country: US, timezone: America/New_York, outside_caller_id: called }",
    );
    expect(lines).toContain('      - { id: cell, phone: "+19175550144", delay: 5, ring: 20 }');
    expect(lines).toContain("    - { ring: user:alice.wong, timeout: 20, accept: auto }");
  });
});
