/**
 * Goal: a drawing of a call is well-formed, harmless whatever a caller is called, and has a lane for each leg. Method:
 * drawings of told calls and of hostile names, read tag by tag.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  began,
  GROUP_ANSWERED,
  HOSTILE,
  MESSAGE_LEFT,
  recordOfTold,
  TAKEN_OVER,
  type Told,
  TRANSFERRED,
} from "../../fixtures/records/told-calls.js";
import { drawingOf } from "./drawing.js";
import { lanesOf } from "./drawing-lanes.js";
import { Names } from "./spoken-names.js";

const NAMES = new Names(undefined);
const ZONE = "America/New_York";

const drawn = (told: readonly Told[]) => drawingOf(recordOfTold(told), NAMES, ZONE);

/** Elements in their order, and all text between them. @throws Error when the XML is not well-formed */
function read(svg: string): { readonly elements: string[]; readonly text: string } {
  const open: string[] = [];
  const elements: string[] = [];
  let text = "";
  const pieces = svg.matchAll(/<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g);
  for (const [piece, closes, name = "", attributes = "", isEmpty, between, stray] of pieces) {
    if (stray !== undefined) throw new Error(`a stray <: ${svg.slice(svg.indexOf(piece)).slice(0, 40)}`);
    if (/&(?!(?:amp|lt|gt|quot|apos|#\d+);)/.test(`${attributes}${between ?? ""}`))
      throw new Error("a bare &");
    if (between !== undefined) text += between;
    else if (closes === "/") {
      if (open.pop() !== name) throw new Error(`</${name}> closes another element`);
    } else {
      elements.push(name);
      if (isEmpty === "") open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`not closed: ${open.join(", ")}`);
  return { elements, text };
}

const KNOWN = new Set([
  "svg",
  "title",
  "desc",
  "style",
  "defs",
  "pattern",
  "circle",
  "path",
  "rect",
  "line",
  "text",
  "g",
]);

describe("a drawing", () => {
  it.each([
    ["a group", GROUP_ANSWERED],
    ["a message", MESSAGE_LEFT],
    ["a transfer", TRANSFERRED],
    ["a takeover", TAKEN_OVER],
    ["a hostile name", HOSTILE],
    ["a call that has only begun", [began()]],
  ])("of %s is well-formed, and tells itself", (_what, told) => {
    const svg = drawn(told);
    const { elements } = read(svg);
    expect(elements.filter((name) => !KNOWN.has(name))).toEqual([]);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-labelledby="(\S+)-title \1-desc">/);
    expect(svg).toMatch(/<title id="\S+-title">.+ called .+<\/title>\n<desc id="\S+-desc">.+<\/desc>/);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toMatch(/NaN|Infinity|undefined|href|url\((?!#)/);
  });

  it("says in its description what each phone did", () => {
    expect(drawn(GROUP_ANSWERED)).toContain(
      `carol.diaz&apos;s phone &quot;desk&quot; did not ring: it was to ring after 5 seconds, and bob.stone took the call before.`,
    );
  });

  it("is the same whoever draws it, and names its parts after the call", () => {
    expect(drawn(GROUP_ANSWERED)).toBe(drawn(GROUP_ANSWERED));
    const other = drawingOf(recordOfTold(GROUP_ANSWERED, "other-call"), NAMES, ZONE);
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids(drawn(GROUP_ANSWERED)).filter((id) => ids(other).includes(id))).toEqual([]);
  });

  it("escapes whatever anybody is called", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("</svg><script>", "]]>", "<!--", "&#0;", '" onload="x', "\ud800", "\ufffe", "\u202e"),
    );
    fc.assert(
      fc.property(text, text, text, (name, called, outcome) => {
        const svg = drawn([
          began({ name, called }),
          [10, { kind: "step_outcome", text: name, outcome, schedule: null, isOpen: null }],
          [20, { kind: "not_rung", who: name, device: called, reason: outcome, group: null }],
        ]);
        expect(read(svg).elements.filter((element) => !KNOWN.has(element))).toEqual([]);
        // What XML 1.0 cannot contain, and what would turn the direction of writing.
        expect(svg.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
      }),
    );
  });
});

describe("lanes", () => {
  const spans = (told: readonly Told[], lane: number) => {
    const record = recordOfTold(told);
    const found = lanesOf(record, NAMES, record.endedMs ?? record.beganMs)[lane];
    return found?.spans.map(({ kind, fromMs, toMs }) => [
      kind,
      fromMs - record.beganMs,
      toMs - record.beganMs,
    ]);
  };

  it("the caller hears ringing, then talks", () => {
    expect(spans(GROUP_ANSWERED, 0)).toEqual([
      ["dialling", 0, 120],
      ["ringing", 120, 4_230],
      ["talk", 4_230, 129_510],
    ]);
  });

  it("the caller hears a greeting, and leaves a message", () => {
    expect(spans(MESSAGE_LEFT, 0)?.slice(-2)).toEqual([
      ["prompt", 21_430, 29_000],
      ["message", 29_000, 51_000],
    ]);
  });

  it("a mobile is asked to press 1", () => {
    expect(spans(MESSAGE_LEFT, 2)).toEqual([
      ["dialling", 5_003, 8_100],
      ["ringing", 8_100, 11_900],
      ["prompt", 11_900, 21_400],
    ]);
  });

  it("a phone that hands the caller over talks until then", () => {
    expect(spans(TRANSFERRED, 1)?.at(-1)).toEqual(["talk", 18_540, 3_618_000]);
  });

  it("a phone that was not rung has a lane without a bar", () => {
    const record = recordOfTold(GROUP_ANSWERED);
    const lanes = lanesOf(record, NAMES, record.endedMs ?? 0);
    expect(lanes.map(({ title, subtitle, spans: bars }) => [title, subtitle, bars.length > 0])).toEqual([
      ["Caller", "", true],
      ["dan.okafor", 'phone "desk"', false],
      ["alice.wong", 'phone "desk"', true],
      ["bob.stone", 'phone "desk"', true],
      ["bob.stone", 'phone "soft"', true],
      ["carol.diaz", 'phone "desk"', false],
    ]);
  });
});
