/** Goal: the switch reads every phone's name unchanged. Method: answers are decoded by the switch's own rules for XML. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeXml } from "../../policy/text.js";
import { NOT_FOUND_XML } from "../look-up-xml.js";
import { CACHE_MS, phoneXml, probeXml } from "./answer.js";

/** As switch_xml_decode reads an attribute. */
function readAttribute(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(
      /&(lt|gt|quot|apos);/g,
      (_, name: string) => ({ lt: "<", gt: ">", quot: '"', apos: "'" })[name] ?? "",
    )
    .replace(/&amp;/g, "&");
}

describe("an answer", () => {
  it("lets a phone in with its digest, and never with an empty password", () => {
    expect(phoneXml("ringline", { sipName: "alice-desk", a1Hash: "0".repeat(32), cacheable: true })).toBe(
      '<document type="freeswitch/xml"><section name="directory"><domain name="ringline"><users>' +
        `<user id="alice-desk" cacheable="${CACHE_MS}"><params><param name="a1-hash" value="${"0".repeat(32)}"/>` +
        '<param name="allow-empty-password" value="false"/></params></user></users></domain></section></document>',
    );
  });

  it("is not to be remembered when it must be asked for each time", () => {
    const xml = phoneXml("ringline", { sipName: "alice-desk", a1Hash: "0".repeat(32), cacheable: false });
    expect(xml).not.toContain("cacheable");
  });

  it("to a probe lets nobody in", () => {
    const xml = probeXml("ringline", "ringline:directory", "revision 7");
    expect(xml).toContain('<param name="allow-empty-password" value="false"/>');
    expect(xml).not.toContain("a1-hash");
    expect(xml).not.toContain('"password"');
  });

  it("that knows nobody is the switch's own word for it", () => {
    expect(NOT_FOUND_XML).toContain('<result status="not found"/>');
  });

  it("carries any text as one attribute, unchanged but for what XML cannot hold", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeXml(text);
        expect(escaped).not.toMatch(/[<>"'\n\r\t]/);
        expect(readAttribute(escaped)).toBe(
          text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ""),
        );
      }),
    );
  });
});
