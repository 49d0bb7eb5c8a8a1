/** Calls that people ask for in a page: their own phone rings first, and dials when they answer it. */
import { z } from "zod";
import type { ClickRefused } from "../../../../policy/call/click-to-call.js";
import { CLICK_REASONS } from "../../../../storage/click-calls.js";
import {
  askClick,
  type ClickAsked,
  type ClickShown,
  readClick,
  stopClick,
} from "../../../click-to-call/ask.js";
import { failureOf } from "../failures.js";
import { type Problem, problem } from "../problem.js";
import { ok, route } from "../route.js";
import type { Services } from "../services.js";
import { isoTime } from "../time.js";

const TAG = "Calls";
const OWN = { needs: "own" } as const;

const clickParams = z.object({ click: z.uuid() });

const clickCall = z.object({
  id: z.string(),
  /** What the phone dials. */
  to: z.string(),
  device: z.string().nullable(),
  /** `asked`: the engine has not begun; `ringing_you`: your phones ring; `calling`: you have answered, and the other side rings. */
  state: z.enum(["asked", "ringing_you", "calling", "connected", "ended"]),
  /** How it has ended. */
  reason: z.enum(CLICK_REASONS).nullable(),
  /** Why it was refused, or how it has failed. */
  why: z.string().nullable(),
  /** The call that it has become, once you have answered: `GET /calls/{call}`. */
  call: z.string().nullable(),
  asked_at: z.string(),
});

export const clickCallRoutes = {
  askForCall: route({
    method: "POST",
    path: "/me/calls",
    tag: TAG,
    summary: "Have a number called for you: your own phone rings first, and dials when you answer",
    description:
      "The call is one of your phone as any other: permissions, limits, who pays and the number shown are the same. " +
      "Numbers for help are refused: dial them on the phone.",
    access: OWN,
    body: z.object({
      to: z.string().min(1).max(60).describe("a number, an extension or a code, as you would dial it"),
      device: z
        .string()
        .max(64)
        .optional()
        .describe("the id of your device that rings; left out: all that can be reached ring together"),
    }),
    answer: clickCall,
    status: 202,
    isCreating: true,
    handle: async ({ services, body, actor }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const { to, device = null } = body;
      const asked = await askClick(services.deps, live.table, { username: actor.user.username, to, device });
      return asked.outcome === "asked"
        ? ok(clickJson(asked.call), { location: `/me/calls/${asked.call.id}` })
        : askedProblem(services, asked);
    },
  }),

  getAskedCall: route({
    method: "GET",
    path: "/me/calls/{click}",
    tag: TAG,
    summary: "Show how far a call is that you have asked for",
    access: OWN,
    params: clickParams,
    answer: clickCall,
    handle: async ({ services, params, actor }) => {
      const read = await readClick(services.deps, actor.user.username, params.click);
      if (read.outcome === "shown") return ok(clickJson(read.call));
      return read.outcome === "not_found" ? problem("not_found") : failureOf(services, read);
    },
  }),

  stopAskedCall: route({
    method: "DELETE",
    path: "/me/calls/{click}",
    tag: TAG,
    summary: "Stop a call that you have asked for, while it rings",
    access: OWN,
    params: clickParams,
    answer: z.null(),
    status: 204,
    handle: async ({ services, params, actor }) => {
      const stopped = await stopClick(services.deps, actor.user.username, params.click);
      switch (stopped.outcome) {
        case "stopped":
          return ok(null);
        case "connected":
          return problem("conflict", { detail: "you are connected: hang up on the phone" });
        case "not_found":
          return problem("not_found");
        case "database_failed":
          return failureOf(services, stopped);
      }
    },
  }),
};

function clickJson({ id, dialled, device, state, reason, why, call, askedMs }: ClickShown) {
  return { ...{ id, to: dialled, device, state, reason, why, call }, asked_at: isoTime(askedMs) };
}

const REFUSED: Readonly<Record<ClickRefused, string>> = {
  emergency: "this is a number for help: dial it on the phone itself, which also says where you are",
  unassigned: "this number leads nowhere",
  no_number: "this is nothing that a phone can dial",
  permission: "you may not call outside",
  nobody_pays: "you may not call outside",
  place: "the office does not call numbers in this place",
  premium: "the office does not call premium numbers",
  user_calls_at_once: "you have as many calls outside as you may",
  office_calls_at_once: "the office has as many calls outside as it may",
  user_minutes: "your minutes outside are used up for today",
  office_minutes: "the office's minutes outside are used up for today",
  mailbox: "this mailbox is not opened so",
  anonymous: "this number does not take calls that hide their number",
  unencrypted: "your phone has to encrypt",
};

const NO_PHONE = {
  unknown: "you have no device of this name",
  outside: "this is an outside phone: choose a phone of the office, on which you can dial",
  none: "you have no phone of the office, on which you could dial",
} as const;

function askedProblem(services: Services, asked: Exclude<ClickAsked, { outcome: "asked" }>): Problem {
  switch (asked.outcome) {
    case "refused":
      if (asked.why === "permission" || asked.why === "nobody_pays")
        return problem("no_permission", { detail: REFUSED[asked.why], permission: "outside_calls" });
      return problem("checks_failed", {
        errors: [{ field: "/to", code: asked.why, message: REFUSED[asked.why] }],
      });
    case "no_phone":
      return problem("checks_failed", {
        errors: [{ field: "/device", code: `${asked.why}_phone`, message: NO_PHONE[asked.why] }],
      });
    case "busy":
      return problem("conflict", { detail: "another call waits for you to answer your phone" });
    case "too_many":
      return problem("too_many", {
        detail: "too many calls were asked for within the last minute",
        retry_after: Math.ceil(asked.againMs / 1000),
      });
    default:
      return failureOf(services, asked);
  }
}
