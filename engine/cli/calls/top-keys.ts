/** The keys of `ringline top`: what is typed, as keys; and what a key does to what is shown. */
import { SORTS, TABS, type Tab } from "./top-words.js";

export interface TopState {
  readonly tab: Tab;
  /** The first row that is shown. */
  readonly offset: number;
  /** The order of each tab, by its index. */
  readonly sorts: Readonly<Record<Tab, number>>;
  readonly filter: string;
  /** The filter is being typed. */
  readonly isTyping: boolean;
  readonly isHelp: boolean;
}

export const TOP_BEGUN: TopState = {
  tab: "calls",
  offset: 0,
  sorts: { calls: 0, phones: 0, groups: 0, carriers: 0 },
  filter: "",
  isTyping: false,
  isHelp: false,
};

export type Key =
  | "up"
  | "down"
  | "left"
  | "right"
  | "page_up"
  | "page_down"
  | "home"
  | "end"
  | "enter"
  | "escape"
  | "erase"
  | "erase_all"
  | "quit"
  | "stop"
  | { readonly letter: string };

/** What terminals send (xterm, the Linux console, VT220, in either keypad mode). */
const SEQUENCES: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "end"],
  ["Z", "left"],
  ["1~", "home"],
  ["7~", "home"],
  ["4~", "end"],
  ["8~", "end"],
  ["5~", "page_up"],
  ["6~", "page_down"],
]);

const CONTROLS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["\u0003", "quit"],
  ["\u0004", "quit"],
  ["\u001a", "stop"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\u007f", "erase"],
  ["\b", "erase"],
  ["\u0015", "erase_all"],
  ["\t", "right"],
  ["\u001b", "escape"],
]);

/** A key's sequence, whole; or a part of one at the end of what has come; or one letter. */
const ONE_KEY = /\u001b[[O]([0-?]*[ -/]*[@-~])|(\u001b[[O][0-?]*$)|([\s\S])/gu;

/** @returns the keys, and what is only the beginning of one */
export function readKeys(typed: string): { readonly keys: readonly Key[]; readonly rest: string } {
  const keys: Key[] = [];
  let rest = "";
  for (const [, sequence, begun, letter] of typed.matchAll(ONE_KEY)) {
    if (begun !== undefined) rest = begun;
    else if (sequence !== undefined) {
      const key = SEQUENCES.get(sequence);
      if (key !== undefined) keys.push(key);
    } else if (letter !== undefined) {
      const control = CONTROLS.get(letter);
      if (control !== undefined) keys.push(control);
      else if (!/\p{C}/u.test(letter)) keys.push({ letter });
    }
  }
  return { keys, rest };
}

/** What the command has to do itself, or what is shown from now on. */
export type Pressed = TopState | "quit" | "stop";

const FILTER_MAX = 60;

/** @param page how many rows are on the screen @param rows how many there are */
export function pressed(state: TopState, key: Key, page: number, rows: number): Pressed {
  if (key === "quit" || key === "stop") return key;
  if (state.isHelp) return { ...state, isHelp: false };
  if (state.isTyping) return typedInFilter(state, key);
  if (typeof key === "object") return letterPressed(state, key.letter, page, rows);
  const last = Math.max(0, rows - page);
  const to = (offset: number): TopState => ({ ...state, offset: Math.max(0, Math.min(last, offset)) });
  switch (key) {
    case "up":
      return to(Math.min(state.offset, last) - 1);
    case "down":
      return to(state.offset + 1);
    case "page_up":
      return to(Math.min(state.offset, last) - page);
    case "page_down":
      return to(state.offset + page);
    case "home":
      return to(0);
    case "end":
      return to(last);
    case "left":
      return tabBy(state, -1);
    case "right":
      return tabBy(state, 1);
    case "escape":
      return { ...state, filter: "", offset: 0 };
    default:
      return state;
  }
}

function tabBy(state: TopState, by: number): TopState {
  const index = (TABS.indexOf(state.tab) + by + TABS.length) % TABS.length;
  return { ...state, tab: TABS[index] ?? "calls", offset: 0 };
}

function letterPressed(state: TopState, letter: string, page: number, rows: number): Pressed {
  const tab = TABS[Number(letter) - 1];
  if (tab !== undefined) return { ...state, tab, offset: 0 };
  switch (letter) {
    case "q":
    case "Q":
      return "quit";
    case "/":
      return { ...state, isTyping: true, offset: 0 };
    case "s": {
      const sort = (state.sorts[state.tab] + 1) % SORTS[state.tab].length;
      return { ...state, sorts: { ...state.sorts, [state.tab]: sort }, offset: 0 };
    }
    case "?":
    case "h":
      return { ...state, isHelp: true };
    case "k":
      return pressed(state, "up", page, rows);
    case "j":
      return pressed(state, "down", page, rows);
    default:
      return state;
  }
}

function typedInFilter(state: TopState, key: Key): TopState {
  if (typeof key === "object")
    return { ...state, filter: `${state.filter}${key.letter}`.slice(0, FILTER_MAX), offset: 0 };
  switch (key) {
    case "enter":
      return { ...state, isTyping: false };
    case "escape":
      return { ...state, isTyping: false, filter: "", offset: 0 };
    case "erase":
      return state.filter === ""
        ? { ...state, isTyping: false }
        : { ...state, filter: Array.from(state.filter).slice(0, -1).join(""), offset: 0 };
    case "erase_all":
      return { ...state, filter: "", offset: 0 };
    default:
      return state;
  }
}
