/**
 * Goal: what goes on is read in one look, on 80 columns and on any other size, whatever callers call themselves. Method: a
 * feed that has told some calls, and the lines that stand on the screen.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FEED_NOW_MS,
  FIGURES,
  feedCall,
  feedGroup,
  feedPhone,
  feedView,
} from "../../../fixtures/core/feed-view.js";
import type { FeedCall } from "../../feed/protocol.js";
import { cells } from "../shared/cells.js";
import { TOP_BEGUN, type TopState } from "./top-keys.js";
import { plainText, type Standing, screenLines } from "./top-screen.js";
import { clockText, whatText } from "./top-words.js";

const HERE: Standing = { away: null, heardMs: FEED_NOW_MS, nowMs: FEED_NOW_MS };
const SIZE = { columns: 80, rows: 16 };

const TALKS = feedCall("2", {
  sinceMs: FEED_NOW_MS - 3_725_000,
  user: "dan.okafor",
  device: "desk",
  from: "104",
  name: "Dan Okafor",
  called: "101",
  label: null,
  state: "talking",
  rings: [],
  text: "talks with alice.wong",
  talks: { who: "alice.wong", device: "desk", sinceMs: FEED_NOW_MS - 3_720_000 },
});
const LEAVES = feedCall("3", {
  isWithheld: true,
  from: "",
  name: "",
  state: "voicemail",
  text: "leaves a message for group:sales",
  rings: [],
});

const VIEW = feedView({
  calls: [TALKS, feedCall("1"), LEAVES],
  phones: [feedPhone("alice-desk"), feedPhone("dan-desk", { user: "dan.okafor", state: "talks" })],
  groups: [feedGroup("sales"), feedGroup("night", { reachable: 0, waits: 0 })],
});

function shown(state: Partial<TopState> = {}, standing = HERE, size = SIZE): string[] {
  return screenLines(VIEW, { ...TOP_BEGUN, ...state }, standing, size).map(({ text }) => text.trimEnd());
}

describe("the screen", () => {
  it("shows the calls, who waits first", () => {
    expect(shown()).toEqual([
      "Acme Dental  revision 7                                17:13:20 America/New_York",
      "25.0 calls/s   3 in progress: 1 ring, 1 talk, 1 other   switch up 1:00:00",
      "engine 12 % cpu, 140 MB   loop 3 ms late   event socket 1 ms   1 reader",
      "2 phones (2 contacts): 1 ring, 1 in calls   calls wait for 1 group   NOBODY in …",
      "[calls 3]  phones 2   groups 2   carriers 1                     by waiting first",
      "since   from                   called        what goes on",
      "2:41    +13105550123 Jane Roe  Main line     rings: alice.wong/desk 9s",
      "2:41    withheld number        Main line     leaves a message for group:sales 9s",
      "1:02:05 dan.okafor desk        101           talks 1:02:00 with alice.wong/desk",
      ...["", "", "", "", "", ""],
      "q quit  ←→ view  ↑↓ scroll  / filter  s sort  ? help",
    ]);
  });

  it.each<[TopState["tab"], string[]]>([
    [
      "phones",
      [
        "user                 device         does   signed in from",
        "alice.wong           desk           rings  Yealink T54W",
        "dan.okafor           desk           talks  Yealink T54W",
      ],
    ],
    [
      "groups",
      [
        "group              waits reachable members",
        "sales              2     1 of 2    alice.wong, bob.stone (away), carol.diaz (of…",
        "night                    0 of 2    alice.wong, bob.stone (away), carol.diaz (of…",
      ],
    ],
    [
      "carriers",
      [
        "carrier              state                  in      out     failed",
        "main                 up, NOT REGISTERED     14      9       1",
        "",
      ],
    ],
  ])("shows %s", (tab, lines) => expect(shown({ tab }).slice(5, 8)).toEqual(lines));

  it.each([
    ["555 jane", ["2:41    +13105550123 Jane Roe  Main line     rings: alice.wong/desk 9s", ""]],
    ["WITHHELD", ["2:41    withheld number        Main line     leaves a message for group:sales 9s", ""]],
    ["nobody at all", ["", ""]],
  ])("shows only rows with the words %j", (filter, rows) => {
    expect(shown({ filter }).slice(6, 8)).toEqual(rows);
    expect(shown({ filter })[4]).toContain(`/${filter}`);
  });

  it("scrolls, and says which rows are shown", () => {
    const lines = shown({ offset: 99 }, HERE, { columns: 80, rows: 9 });
    expect(lines.slice(6)).toEqual([
      "2:41    withheld number        Main line     leaves a message for group:sales 9s",
      "1:02:05 dan.okafor desk        101           talks 1:02:00 with alice.wong/desk",
      "2-3 of 3   q quit  ←→ view  ↑↓ scroll  / filter  s sort  ? help",
    ]);
  });

  it("says that the engine is gone, for how long, and that it is tried again", () => {
    const away = { why: "no engine runs there", sinceMs: FEED_NOW_MS - 12_000 };
    const lines = shown({}, { ...HERE, away });
    expect(lines[2]).toBe("NO ENGINE for 12s: no engine runs there; this is how it was");
    expect(lines.at(-1)).toMatch(/^trying again/);
    expect(lines[6]).toContain("Jane Roe");
  });

  it("says that the engine says nothing", () => {
    expect(shown({}, { ...HERE, nowMs: FEED_NOW_MS + 4_000 })[2]).toBe("THE ENGINE SAYS NOTHING for 4s");
  });

  it("says that the switch is away, and that calls are refused", () => {
    const lines = (more: Partial<typeof FIGURES.switch>) =>
      screenLines(
        feedView({ figures: { ...FIGURES, switch: { ...FIGURES.switch, ...more } } }),
        TOP_BEGUN,
        HERE,
        SIZE,
      );
    expect(lines({ isConnected: false, isReady: false })[1]).toMatchObject({
      text: expect.stringContaining("switch AWAY 1:00:00"),
      tone: "bad",
    });
    expect(lines({ isOverloaded: true, refused: 12 })[1]?.text).toContain("OVERLOADED: 12 refused");
  });

  it("has any size, from one cell on, and nothing in it controls the terminal", () => {
    const hostile: Partial<FeedCall> = { name: "\u001b[2J\u001b]0;x\u0007\n\r王\u202e", label: "a\u0000b" };
    const view = feedView({ calls: [feedCall("1", hostile), TALKS] });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom("calls" as const, "phones" as const, "groups" as const, "carriers" as const),
        fc.boolean(),
        (columns, rows, tab, isHelp) => {
          const lines = screenLines(view, { ...TOP_BEGUN, tab, isHelp }, HERE, { columns, rows });
          expect(lines.length).toBeLessThanOrEqual(rows);
          for (const { text } of lines) {
            expect(cells(text)).toBe(columns);
            expect(text).not.toMatch(/\p{C}/u);
          }
        },
      ),
    );
  });
});

it("without a screen all is printed, calls, groups and carriers", () => {
  const text = plainText(VIEW, HERE, 80);
  expect(text.split("\n").slice(4, 10)).toEqual([
    "",
    "since   from                   called        what goes on",
    "2:41    +13105550123 Jane Roe  Main line     rings: alice.wong/desk 9s",
    "2:41    withheld number        Main line     leaves a message for group:sales 9s",
    "1:02:05 dan.okafor desk        101           talks 1:02:00 with alice.wong/desk",
    "",
  ]);
  expect(text).not.toMatch(/\u001b/);
});

it.each<[string, Partial<FeedCall>]>([
  ["rings: alice.wong/desk 9s", {}],
  [
    "rings: alice.wong/desk is asked 4s, +19175550144",
    {
      rings: [
        { who: "alice.wong", device: "desk", sinceMs: FEED_NOW_MS - 4_000, state: "asked" },
        { who: "+19175550144", device: "", sinceMs: null, state: "dialled" },
      ],
    },
  ],
  ["EMERGENCY, waits for a phone 9s", { isEmergency: true, rings: [], text: "waits for a phone" }],
  ["talks with somebody", { talks: { who: "", device: "", sinceMs: null } }],
])("%s", (text, call) => expect(whatText(feedCall("1", call), FEED_NOW_MS)).toBe(text));

it.each([
  [-5, "0s"],
  [59_999, "59s"],
  [60_000, "1:00"],
  [3_599_999, "59:59"],
  [3_725_000, "1:02:05"],
])("%i ms are %s", (ms, text) => expect(clockText(ms)).toBe(text));
