/** How phones are named, and what is known of them at this moment, in words. */
import type { AnswerOf } from "../../office/client.js";
import { phone } from "../../office/when.js";
import { isWord, type Speech } from "../../words/words.js";

export type Device = AnswerOf<"listDevices">["items"][number];

/** The ids that this page gives have names; others are shown as they are. */
export function phoneName(say: Speech["say"], id: string): string {
  const [, stem = id, number] = /^(.*?)(?:-(\d+))?$/.exec(id) ?? [];
  const word = `phones.name.${stem}`;
  if (!isWord(word)) return id;
  return number === undefined ? say(word) : `${say(word)} ${number}`;
}

export interface PhoneState {
  readonly look: "good" | "warn" | "bad" | "plain";
  readonly text: string;
  readonly help?: string;
}

export function phoneState(say: Speech["say"], device: Device, short: (iso: string) => string): PhoneState {
  const { kind, sign_in: signIn, live } = device;
  if (kind === "phone") return { look: "plain", text: say("phones.state.outside") };
  if (signIn?.refused === "no_password")
    return {
      look: "warn",
      text: say("phones.state.no_password"),
      help: say("phones.state.no_password_help"),
    };
  if (signIn?.refused === "suspended") return { look: "bad", text: say("phones.state.suspended") };
  if (signIn?.refused === "no_account") return { look: "bad", text: say("phones.state.no_account") };
  if (live === null) return { look: "plain", text: say("phones.state.unknown") };
  if (!live.reachable)
    return { look: "warn", text: say("phones.state.away"), help: say("phones.state.away_help") };
  const [contact] = live.contacts;
  return {
    look: "good",
    text: say("phones.state.reachable"),
    ...(contact === undefined
      ? {}
      : { help: say("phones.state.since", { agent: contact.agent, time: short(contact.since_at) }) }),
  };
}

/** "Rings after 5 seconds, for 20 seconds at most. Whoever answers must press 1." */
export function phoneRings(say: Speech["say"], { delay, ring, accept, phone: number }: Device): string[] {
  const begins =
    delay === undefined || delay === 0 ? say("phones.rings.at_once") : say("phones.rings.after", { delay });
  const asks = accept === "always" || (accept !== "never" && number !== undefined);
  return [
    begins,
    ...(ring === undefined ? [] : [say("phones.rings.for", { ring })]),
    ...(asks ? [say("phones.rings.press_1")] : []),
  ];
}

export function phoneAddress({ sip, phone: number, sign_in: signIn }: Device): string {
  return number === undefined ? (signIn?.sip_name ?? sip ?? "") : phone(number);
}
