/** Goal: keys do what the help says, however a terminal sends them. Method: what is typed, and what is shown then. */
import { describe, expect, it } from "vitest";
import { type Key, pressed, readKeys, TOP_BEGUN, type TopState } from "./top-keys.js";

it.each<[string, Key[]]>([
  ["q", [{ letter: "q" }]],
  ["\u001b[A\u001b[B\u001b[C\u001b[D", ["up", "down", "right", "left"]],
  ["\u001bOA\u001bOH", ["up", "home"]],
  ["\u001b[5~\u001b[6~\u001b[1~\u001b[4~", ["page_up", "page_down", "home", "end"]],
  ["\u0003", ["quit"]],
  ["\u001a", ["stop"]],
  ["\u001b", ["escape"]],
  ["a\u001b[1;5Cb", [{ letter: "a" }, { letter: "b" }]],
  ["\u001b[<0;10;20M", []],
  ["é😀", [{ letter: "é" }, { letter: "😀" }]],
  ["\u0007\u202e", []],
])("%j", (typed, keys) => {
  expect(readKeys(typed)).toEqual({ keys, rest: "" });
});

it("a key that comes in two parts is one key", () => {
  const first = readKeys("x\u001b[");
  expect(first).toEqual({ keys: [{ letter: "x" }], rest: "\u001b[" });
  expect(readKeys(`${first.rest}5~`).keys).toEqual(["page_up"]);
});

const PAGE = 10;
const ROWS = 25;

function typed(text: string, from: TopState = TOP_BEGUN): TopState | "quit" | "stop" {
  let state = from;
  for (const key of readKeys(text).keys) {
    const after = pressed(state, key, PAGE, ROWS);
    if (typeof after === "string") return after;
    state = after;
  }
  return state;
}

describe("keys", () => {
  it.each(["q", "Q", "\u0003", "\u0004"])("%j quits", (key) => expect(typed(key)).toBe("quit"));

  it.each<[string, Partial<TopState>]>([
    ["\u001b[C", { tab: "phones" }],
    ["\t\t", { tab: "groups" }],
    ["\u001b[D", { tab: "carriers" }],
    ["4", { tab: "carriers" }],
    ["s", { sorts: { ...TOP_BEGUN.sorts, calls: 1 } }],
    ["ssssss", { sorts: { ...TOP_BEGUN.sorts, calls: 0 } }],
    ["\u001b[B\u001b[B", { offset: 2 }],
    ["jjk", { offset: 1 }],
    ["\u001b[A", { offset: 0 }],
    ["\u001b[6~\u001b[6~\u001b[6~", { offset: ROWS - PAGE }],
    ["\u001b[F\u001b[5~", { offset: ROWS - 2 * PAGE }],
    ["\u001b[F\u001b[H", { offset: 0 }],
    ["?", { isHelp: true }],
    ["?q", { isHelp: false }],
    ["/sales", { filter: "sales", isTyping: true }],
    ["/sales\r", { filter: "sales", isTyping: false }],
    ["/quit 10?\r", { filter: "quit 10?", isTyping: false, isHelp: false }],
    ["/sales\u007f\u007f", { filter: "sal", isTyping: true }],
    ["/\u007f", { isTyping: false }],
    ["/sales\u0015", { filter: "", isTyping: true }],
    ["/sales\u001b", { filter: "", isTyping: false }],
    ["/sales\r\u001b", { filter: "", isTyping: false }],
    ["z", {}],
  ])("%j", (keys, change) => expect(typed(keys)).toEqual({ ...TOP_BEGUN, ...change }));

  it("what is typed after an end of the rows counts from there", () => {
    expect(typed("\u001b[A", { ...TOP_BEGUN, offset: 1_000 })).toMatchObject({ offset: ROWS - PAGE - 1 });
  });
});
