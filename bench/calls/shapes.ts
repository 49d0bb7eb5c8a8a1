/** The shapes of calls that are compared: which phones ring, and which of them answers, and when. */
import type { CallPlan } from "../sip/call.js";

/** One phone of a shape, as every variant rings it. */
export interface ShapePhone {
  /** A registered phone, or the number of an outside phone. */
  readonly at: { readonly user: string } | { readonly outside: string };
  /** Whole seconds from the beginning of the ringing. */
  readonly delay: number;
  /** Milliseconds from ringing to answering; null: it never answers. */
  readonly answerAfterMs: number | null;
}

export interface Shape {
  readonly name: ShapeName;
  readonly what: string;
  /** The last two digits of its numbers. */
  readonly digits: string;
  readonly phones: readonly ShapePhone[];
  /** The phone that answers hears a prompt, and presses 1. */
  readonly prompt: boolean;
  /** What passes between INVITE and 200 because the shape says so. */
  readonly expectedMs: number;
}

export const SHAPE_NAMES = ["desk", "group", "outside", "delayed"] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

/** Long enough that all phones of the group ring before one answers. */
const GROUP_ANSWER_MS = 200;
const GROUP_SIZE = 5;
const DELAY_SECONDS = 1;
/** By this time the prompt plays. */
const KEY_AFTER_MS = 600;
const OUTSIDE_NUMBER = "19175550144";

const registered = (user: string, answerAfterMs: number | null, delay = 0): ShapePhone => ({
  at: { user },
  delay,
  answerAfterMs,
});

export const SHAPES: Readonly<Record<ShapeName, Shape>> = {
  desk: {
    name: "desk",
    what: "one desk phone, which answers at once",
    digits: "01",
    phones: [registered("desk", 0)],
    prompt: false,
    expectedMs: 0,
  },
  group: {
    name: "group",
    what: `a group of ${GROUP_SIZE} phones, of which one answers after ${GROUP_ANSWER_MS} ms`,
    digits: "02",
    phones: Array.from({ length: GROUP_SIZE }, (_, index) =>
      registered(`group-${index + 1}`, index === 2 ? GROUP_ANSWER_MS : null),
    ),
    prompt: false,
    expectedMs: GROUP_ANSWER_MS,
  },
  outside: {
    name: "outside",
    what: `an outside phone, which answers at once, hears the prompt and presses 1 after ${KEY_AFTER_MS} ms`,
    digits: "03",
    phones: [{ at: { outside: OUTSIDE_NUMBER }, delay: 0, answerAfterMs: 0 }],
    prompt: true,
    expectedMs: KEY_AFTER_MS,
  },
  delayed: {
    name: "delayed",
    what: `a phone that does not answer, and after ${DELAY_SECONDS} s a second one, which answers at once`,
    digits: "04",
    phones: [registered("first", null), registered("second", 0, DELAY_SECONDS)],
    prompt: false,
    expectedMs: DELAY_SECONDS * 1_000,
  },
};

/** Every registered phone of every shape. */
export const REGISTERED: readonly string[] = Object.values(SHAPES).flatMap(({ phones }) =>
  phones.flatMap(({ at }) => ("user" in at ? [at.user] : [])),
);

/** What caller and phones do in a call of this shape. */
export function planOf(shape: Shape, number: string, caller: string, talkMs: number): CallPlan {
  const byUser = new Map(
    shape.phones.map(({ at, answerAfterMs }) => ["user" in at ? at.user : at.outside, answerAfterMs]),
  );
  return {
    number,
    caller,
    talkMs,
    answerAfterMs: (user) => byUser.get(user.replace(/^\+/, "")) ?? null,
    ...(shape.prompt ? { key: { digit: "1", afterMs: KEY_AFTER_MS, timesMax: 5 } } : {}),
  };
}
