/**
 * "When this phone number receives a call …", as people know it: whom the call is sent to, whether somebody must press 1, how
 * long it rings, and what comes then. The same form says what happens when a user or a group does not answer.
 */
import { type ReactNode, useRef } from "react";
import type { AnswerOf } from "../office/client.js";
import { useSpeech } from "../words/words.js";
import { Choice, Choices, type Option } from "./choice.js";
import { isWhole, type SearchedKind, TargetSearch, targetParts, useTargetName } from "./target.js";

export type CallShape = AnswerOf<"getNumber">["call"];

/** What is chosen so far. A target may have its kind alone (`user:`), until somebody has said which. */
export interface RouteDraft {
  readonly to: string | null;
  /** `own`: where the call goes says itself how long phones ring and what comes then, as a call flow does. */
  readonly ring: number | "none" | "own";
  /** Null: phones outside only. */
  readonly press_1: boolean | null;
  /** `voicemail`, `voicemail:user:NAME`, `hangup`, `hangup:busy`, `keep-ringing`, or a target. */
  readonly after: string;
}

const RING_SECONDS = [10, 20, 30, 40, 50, 60] as const;

const FRESH: RouteDraft = { to: null, ring: 20, press_1: null, after: "voicemail" };

/** What is live, as the form shows it. @param fixedTo whose phones ring, where nobody chooses that */
export function routeDraft(route: CallShape["route"], fixedTo?: string): RouteDraft {
  if (route === null) return fixedTo === undefined ? FRESH : { ...FRESH, to: fixedTo };
  const { to, ring, press_1: press1 = null, after } = route;
  return { to, ring: ring ?? "own", press_1: press1, after: after ?? ownEnd(to) };
}

/** Whether each choice names something, so that it can be saved. */
export function isRouteWhole({ to, ring, after }: RouteDraft): boolean {
  return isWhole(to) && (ring === "own" || isAfterWhole(after));
}

/** What the API reads as `route`. @param live so that what stays as it is keeps what the form does not show */
export function routeBody(draft: RouteDraft, live?: RouteDraft): RouteBody {
  const { to, ring, press_1, after } = draft;
  if (to === null) return {};
  const where = live?.to === to && live.ring !== "own" ? {} : { to };
  if (ring === "own") return { to };
  return { ...where, press_1, after, ...(after === "keep-ringing" ? {} : { ring }) };
}

interface RouteBody {
  to?: string;
  ring?: number | "none";
  press_1?: boolean | null;
  after?: string;
}

/** The same as steps, for a user's or group's `no_answer`. */
export function routeSteps({
  to,
  ring,
  press_1: press1,
  after,
}: RouteDraft): NonNullable<CallShape["steps"]> {
  if (to === null) return [];
  if (ring === "own") return [{ send: to }];
  const accept = press1 === null ? {} : { accept: press1 ? ("always" as const) : ("never" as const) };
  const timeout = after === "keep-ringing" ? "none" : ring;
  return [{ ring: to, timeout, ...accept }, afterStep(to, after)];
}

function afterStep(to: string, after: string): NonNullable<CallShape["steps"]>[number] {
  if (after === "voicemail") return { voicemail: to };
  if (after.startsWith("voicemail:")) return { voicemail: after.slice("voicemail:".length) };
  if (after === "keep-ringing" || after === "hangup") return { hangup: "no_answer" };
  if (after.startsWith("hangup:")) return { hangup: after.slice("hangup:".length) } as { hangup: "busy" };
  return { send: after };
}

/** A call flow and an extension say themselves how long phones ring, and what comes then. */
function rings(to: string | null): boolean {
  const kind = targetParts(to)?.kind;
  return kind === "user" || kind === "group" || kind === "number";
}

function isAfterWhole(after: string): boolean {
  if (after.startsWith("voicemail:")) return isWhole(after.slice("voicemail:".length));
  return targetParts(after) === null || isWhole(after);
}

/** A phone outside has no mailbox here. */
function ownEnd(to: string | null): string {
  return targetParts(to)?.kind === "number" ? "hangup" : "voicemail";
}

export interface RouteFormProps {
  readonly value: RouteDraft;
  onChange(changes: Partial<RouteDraft>): void;
  /** What the server said of it. */
  readonly fault?: string | undefined;
  readonly isDisabled?: boolean;
  /** Whose phones ring is no choice here, as for a user's own rule. */
  readonly isFixed?: boolean;
  /** The reader's own rule: it says "my voicemail". */
  readonly isMine?: boolean;
}

export function RouteForm({
  value,
  onChange,
  fault,
  isDisabled = false,
  isFixed = false,
  isMine = false,
}: RouteFormProps): ReactNode {
  const { to } = value;
  return (
    <div className="stack">
      {!isFixed && (
        <Destination
          to={to}
          onChange={(next) => onChange({ to: next, ...restFor(value, next) })}
          {...{ fault, isDisabled }}
        />
      )}
      {(rings(to) || value.ring !== "own") && to !== null && (
        <>
          {!isFixed && value.ring !== "own" && (
            <PressOne
              value={value.press_1}
              onChange={(press_1) => onChange({ press_1 })}
              isDisabled={isDisabled}
            />
          )}
          <div className="two">
            <RingTime
              value={value.ring}
              onChange={(ring) => onChange({ ring, ...endWith(value, ring) })}
              isDisabled={isDisabled}
            />
            {value.ring !== "own" && <After {...{ value, onChange, isDisabled, isMine }} />}
          </div>
        </>
      )}
      {isFixed && fault !== undefined && (
        <p className="fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

/** What goes with another place: a call flow rings by itself, and a phone outside has no mailbox. */
function restFor(value: RouteDraft, to: string): Partial<RouteDraft> {
  if (!rings(to)) return { ring: "own" };
  const ring = value.ring === "own" ? { ring: FRESH.ring } : {};
  if (value.after === "voicemail" && ownEnd(to) === "hangup") return { ...ring, after: "hangup" };
  const wasOutside = value.to !== null && ownEnd(value.to) === "hangup";
  return wasOutside && value.after === "hangup" && ownEnd(to) === "voicemail"
    ? { ...ring, after: "voicemail" }
    : ring;
}

/** Phones that keep ringing have no time, and phones that ring without a time and then hang up keep ringing. */
function endWith({ to, after }: RouteDraft, ring: RouteDraft["ring"]): Partial<RouteDraft> {
  if (ring === "none") return after === "hangup" ? { after: "keep-ringing" } : {};
  return after === "keep-ringing" ? { after: ownEnd(to) } : {};
}

const KINDS = ["user", "group", "flow", "number"] as const satisfies readonly SearchedKind[];

function Destination({
  to,
  onChange,
  fault,
  isDisabled,
}: {
  readonly to: string | null;
  onChange(to: string): void;
  readonly fault: string | undefined;
  readonly isDisabled: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const parts = targetParts(to);
  const kinds: Option[] = KINDS.map((kind) => ({ id: kind, text: say(`route.to_${kind}`) }));
  if (parts?.kind === "extension") kinds.push({ id: "extension", text: say("route.to_extension") });
  const kind = parts?.kind ?? null;
  return (
    <div className="two">
      <Choice
        label={say("route.send_to")}
        options={kinds}
        value={kind}
        onChange={(next) => onChange(next === kind && to !== null ? to : `${next}:`)}
        isDisabled={isDisabled}
        fault={kind === null ? fault : undefined}
      />
      {kind !== null && (
        <TargetSearch
          key={kind}
          label={say(`route.which_${kind}`)}
          kinds={kind === "extension" ? ["user", "group"] : [kind]}
          value={to}
          onChange={(target) => onChange(target ?? `${kind}:`)}
          isDisabled={isDisabled}
          fault={fault}
        />
      )}
    </div>
  );
}

export function PressOne({
  value,
  onChange,
  isDisabled = false,
}: {
  readonly value: boolean | null;
  onChange(value: boolean | null): void;
  readonly isDisabled?: boolean;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <Choices
      label={say("route.press_1")}
      help={say("route.press_1_help")}
      options={[
        { id: "on", text: say("route.press_1_on"), more: say("route.press_1_on_help") },
        { id: "outside", text: say("route.press_1_outside"), more: say("route.press_1_outside_help") },
        { id: "off", text: say("route.press_1_off"), more: say("route.press_1_off_help") },
      ]}
      value={value === null ? "outside" : value ? "on" : "off"}
      onChange={(id) => onChange(id === "outside" ? null : id === "on")}
      isDisabled={isDisabled}
    />
  );
}

export function RingTime({
  value,
  onChange,
  isDisabled = false,
  label,
}: {
  readonly value: RouteDraft["ring"];
  onChange(value: RouteDraft["ring"]): void;
  readonly isDisabled?: boolean;
  /** Left out: "Ring for". */
  readonly label?: string;
}): ReactNode {
  const { say, count } = useSpeech();
  const all = new Set<number>(RING_SECONDS);
  const wasOwn = useRef(value === "own");
  if (typeof value === "number") all.add(value);
  return (
    <Choice
      label={label ?? say("route.ring_for")}
      options={[
        ...[...all]
          .sort((a, b) => a - b)
          .map((seconds) => ({ id: String(seconds), text: count("route.seconds", seconds) })),
        { id: "none", text: say("route.no_timeout") },
        ...(wasOwn.current ? [{ id: "own", text: say("route.own_time") }] : []),
      ]}
      value={String(value)}
      onChange={(id) => onChange(id === "none" || id === "own" ? id : Number(id))}
      isDisabled={isDisabled}
    />
  );
}

/** What comes when nobody answered. */
function After({
  value,
  onChange,
  isDisabled = false,
  isMine = false,
}: Pick<RouteFormProps, "value" | "onChange" | "isDisabled" | "isMine">): ReactNode {
  const { say } = useSpeech();
  const { to, after } = value;
  const isOther = targetParts(after) !== null;
  const isOtherBox = after.startsWith("voicemail:");
  const choose = (id: string) => {
    if (id === "other") return onChange({ after: isOther ? after : "user:" });
    if (id === "other_box") return onChange({ after: isOtherBox ? after : "voicemail:user:" });
    if (id === "keep-ringing") return onChange({ after: id, ring: "none" });
    return onChange({
      after: id,
      ...(value.ring === "none" && after === "keep-ringing" ? { ring: 20 } : {}),
    });
  };
  return (
    <div className="stack tight">
      <Choice
        label={say("route.then")}
        options={useEnds(to, after, isMine)}
        value={isOther ? "other" : isOtherBox ? "other_box" : after}
        onChange={choose}
        isDisabled={isDisabled}
      />
      {isOther && (
        <TargetSearch
          label={say("route.then_where")}
          kinds={KINDS}
          value={after}
          onChange={(target) => onChange({ after: target ?? "user:" })}
          isDisabled={isDisabled}
        />
      )}
      {isOtherBox && (
        <TargetSearch
          label={say("route.then_whose")}
          kinds={["user", "group"]}
          value={after.slice("voicemail:".length)}
          onChange={(target) => onChange({ after: `voicemail:${target ?? "user:"}` })}
          isDisabled={isDisabled}
        />
      )}
    </div>
  );
}

/** What can come when nobody answered. */
function useEnds(to: string | null, after: string, isMine: boolean): readonly Option[] {
  const { say } = useSpeech();
  const name = useTargetName(to);
  const kind = targetParts(to)?.kind;
  const ends: Option[] = [];
  if (kind !== "number")
    ends.push({
      id: "voicemail",
      text: isMine
        ? say("route.my_voicemail")
        : say(kind === "group" ? "route.group_voicemail" : "route.user_voicemail"),
      ...(isMine || name === "" ? {} : { more: name }),
    });
  ends.push({ id: "hangup", text: say("route.hangup") });
  if (after.startsWith("hangup:"))
    ends.push({ id: after, text: say(after === "hangup:busy" ? "route.hangup_busy" : "route.hangup_other") });
  ends.push({ id: "other_box", text: say("route.other_voicemail") });
  ends.push({ id: "other", text: say("route.other") });
  ends.push({ id: "keep-ringing", text: say("route.keep_ringing") });
  return ends;
}
