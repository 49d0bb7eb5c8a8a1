/**
 * What an office is, once its files were read and every reference and number in it was checked. Storage keeps this
 * model, the routing table is built from it, and the core acts on it. Plain data only: it is stored as JSON and
 * compared between revisions. Times are milliseconds.
 */

import type { SignInSettings } from "../accounts/session-life.js";
import type { OutsideCalls, UserOutsideCalls } from "../outside/settings.js";
import type { Step } from "../steps/types.js";
import type { CalledPlace, CallerPlace, NumberForm, Srtp, Transport } from "./carrier-settings.js";
import type { Permissions } from "./permission-names.js";
import type { RecordKeeping } from "./record-keeping.js";
import type { Target } from "./target.js";

/** A number in E.164 with its plus sign, for example `+12125550100`. */
export type E164 = string;

/** Whether an answered leg must press 1 before it is connected. `auto`: outside phones must, SIP phones need not. */
export type AcceptRule = "always" | "never" | "auto";

/** In which order a group's members ring. */
export type Strategy = "simultaneous" | "in_order" | "rotating" | "random" | "longest_idle";

/** Where a secret is read from when it is needed; a file of the office never contains the secret itself. */
export type Secret = { readonly env: string } | { readonly file: string };

/** The number that an outside phone is shown: the caller's, the number that was called, or a fixed one. */
export type CallerIdMode =
  | { readonly kind: "caller" }
  | { readonly kind: "called" }
  | { readonly kind: "fixed"; readonly number: E164 };

/** A provider of calls to the public network; `gateways.ts` says by which gateways the switch reaches it. */
export interface Carrier {
  readonly id: string;
  readonly proxy: string;
  /** Further proxies of the carrier, in the order in which they are tried. */
  readonly moreProxies?: readonly string[];
  /** The port of proxies that name none; left out: 5060, and 5061 with TLS. */
  readonly port?: number;
  /** Left out: UDP. */
  readonly transport?: Exclude<Transport, "udp">;
  /** Left out: not offered to the carrier, and accepted from it. */
  readonly srtp?: Srtp;
  readonly username?: string;
  readonly password?: Secret;
  /** The name in answers to challenges, where it is not `username`. */
  readonly authUsername?: string;
  /** Left out: the switch registers with a carrier that has a name and a password (`registers`). */
  readonly register?: boolean;
  readonly realm?: string;
  /** The host of From. */
  readonly fromDomain?: string;
  /** The user of From, in the place of the number that calls. */
  readonly fromUser?: string;
  /** The user of the Contact that is registered, where the carrier wants the trunk's number there. */
  readonly extension?: string;
  /** For how long a registration is asked for; left out: an hour. */
  readonly expireMs?: number;
  /** How often the switch asks with OPTIONS whether a proxy is there; left out: never. */
  readonly pingMs?: number;
  /** Where its calls come from: addresses, ranges, names of hosts; left out: its proxies. */
  readonly addresses?: readonly string[];
  /**
   * The office trusts the carrier to know callers who withhold their number, and to show them to nobody (RFC 3325).
   */
  readonly trusted?: true;
  /** Beginnings of the numbers in E.164 that go through it; left out: every number does (`outside/carriers.ts`). */
  readonly prefixes?: readonly string[];
  /** How it writes numbers; left out: not known, so that each number is read for itself. */
  readonly sendsNumbers?: NumberForm;
  /** How numbers are written to it; left out: in E.164 with the plus sign. */
  readonly wantsNumbers?: NumberForm;
  /** Where it writes the number called, and the caller's; left out: wherever a number of the office is found. */
  readonly calledNumber?: CalledPlace;
  readonly callerNumber?: CallerPlace;
}

/** One thing that rings: a SIP phone that registers (`sip`: its sign-in name), or an outside phone. */
export interface Device {
  readonly id: string;
  readonly at:
    | { readonly kind: "sip"; readonly name: string }
    | { readonly kind: "phone"; readonly number: E164 };
  /** The device starts to ring this long after its user does. */
  readonly delayMs: number;
  /** The device rings no longer than this; null: as long as its user. */
  readonly ringMs: number | null;
  readonly accept: AcceptRule;
  /** Of a SIP phone: where it stands, for whoever looks for a person who called for help; left out: where its user is. */
  readonly location?: string;
  /** Of a SIP phone. Left out: one that signs in by TLS is offered encryption, and may do without. */
  readonly srtp?: Srtp;
}

/** What an e-mail about a new message contains: there is no e-mail, a notice, or a notice with the sound attached. */
export type MessageMail = "none" | "notice" | "attached";

/**
 * What a caller from outside may do who presses star during the greeting and knows the PIN: nothing, listen, or also
 * call back outside numbers at the office's cost.
 */
export type RemoteAccess = "none" | "listen" | "call_back";

/** What an office may say about a mailbox. */
export interface MailboxSettings {
  /** Sound files beside the office file: the greeting callers hear, and the one they hear while all lines are busy. */
  readonly greeting?: string;
  readonly busyGreeting?: string;
  readonly email: MessageMail;
  /** The longest message. */
  readonly limitMs: number;
  /** This much silence ends a message; null: no silence does, and nothing in a recording counts as silence. */
  readonly silenceMs: number | null;
  /** The loudness below which there is silence, see `policy/mailbox/silence.ts`; left out: by the line's noise. */
  readonly silenceLevel?: number;
  /** A mailbox with this many messages takes no more. */
  readonly messagesMax: number;
  /** The target a caller is sent to after pressing 0. */
  readonly operator?: Target;
  /** When a member's voicemail is switched on again, the member sees the messages that came meanwhile. */
  readonly catchUp: boolean;
  /** Whether callers from outside can listen to it; see {@link RemoteAccess}. */
  readonly remoteAccess: RemoteAccess;
  /** Also mail about calls that left no message, to the members who get mail about messages. */
  readonly missedCalls: boolean;
}

export interface User {
  /** 5 to 30 characters, never changes. */
  readonly username: string;
  readonly name: string;
  readonly email?: string;
  /** 2 to 6 digits. */
  readonly extension?: string;
  /**
   * The user's phones cannot sign in and are not rung. Left out when it is not so, so that equal users are equal texts.
   */
  readonly suspended?: true;
  /** Where the user's phones stand that say nothing else, in words that helpers understand. */
  readonly location?: string;
  /** The number outside parties see when this user calls them. */
  readonly outboundNumber?: E164;
  /** Permissions that the user is given or denied by name; absent: none. `permission.ts` decides the rest. */
  readonly permissions?: Permissions;
  /** Where this user may call besides, and how much; left out: as every user. */
  readonly outsideCalls?: UserOutsideCalls;
  /** People outside never see the user's number, unless the user shows it for one call. */
  readonly hidesNumber?: true;
  /** The user takes no calls from outside whose number is withheld. */
  readonly refusesAnonymous?: true;
  readonly devices: readonly Device[];
  readonly voicemail?: MailboxSettings;
  /** What happens to a call sent to this user; always ends in a step that ends a flow. */
  readonly flow: readonly Step[];
}

export interface Member {
  readonly username: string;
  readonly delayMs: number;
  readonly ringMs: number | null;
  /** Takes part in the group's calls. */
  readonly calls: boolean;
  /** Takes part in the group's mailbox. */
  readonly voicemail: boolean;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly extension?: string;
  readonly strategy: Strategy;
  readonly members: readonly Member[];
  readonly voicemail?: MailboxSettings;
  /** Put before the caller's name on SIP phones; left out: nothing is. */
  readonly callerIdPrefix?: string;
  /** Calls from outside whose number is withheld are refused. */
  readonly refusesAnonymous?: true;
  /** What happens to a call sent to this group. */
  readonly flow: readonly Step[];
}

export interface NumberEntry {
  /** A number, a block (`+493023125000..99`) or `any`, for every number without another entry; see `blocks.ts`. */
  readonly number: E164;
  readonly label?: string;
  /** Put before the caller's name on SIP phones; left out: nothing is. */
  readonly callerIdPrefix?: string;
  /** Calls from outside whose number is withheld are refused. */
  readonly refusesAnonymous?: true;
  /** The id of the plan by which calls outside that show the number are counted; left out: they have no price. */
  readonly plan?: string;
  /** A named flow, own steps, or null: the number is owned but leads nowhere yet. */
  readonly leadsTo:
    | { readonly kind: "flow"; readonly flow: string }
    | { readonly kind: "steps"; readonly steps: readonly Step[] }
    | null;
}

/**
 * An entry of a section such as `schedules` or `plans`. Plain data: this file knows only its id, the section's own code
 * knows the rest.
 */
export interface SectionEntity {
  readonly id: string;
  /** IANA name, of an entry that has a clock of its own; left out: the office's. */
  readonly timezone?: string;
}

/** Whom the office tells of a call for help: a user, or whoever reads an address. */
export type EmergencyContact =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "address"; readonly address: string };

/** What happens besides when a phone of the office calls for help. */
export interface EmergencySettings {
  /** Who gets a mail at once; left out: nobody. */
  readonly notify?: readonly EmergencyContact[];
  /** The number at which notices say the caller can be called back; left out: the one that the service is shown. */
  readonly callBack?: E164;
  /** Numbers with which people try emergency calls; left out: `testNumbers` of `emergency.ts`. */
  readonly testNumbers?: readonly string[];
}

export interface Office {
  readonly name: string;
  /** ISO 3166 alpha-2; how numbers without a country code are read. */
  readonly country: string;
  /** IANA name. */
  readonly timezone: string;
  /** The number that outside phones are shown. */
  readonly outsideCallerId: CallerIdMode;
  /** The emergency numbers that every phone may dial; left out: the country's (`emergency.ts`). */
  readonly emergencyNumbers?: readonly string[];
  readonly emergency?: EmergencySettings;
  /** Where calls to the public network may go, and how much; left out: the defaults. */
  readonly outsideCalls?: OutsideCalls;
  /** For how long calls are remembered; left out: the defaults. */
  readonly records?: RecordKeeping;
  /** A user's phones sign in only while the user has an account, that is, has followed the invitation. */
  readonly phonesNeedAccount?: true;
  /** How long people stay signed in on the web, and how many guesses at passwords there may be; left out: the defaults. */
  readonly signIn?: SignInSettings;
  /** In the order in which calls outside try them. */
  readonly carriers: readonly Carrier[];
  readonly users: readonly User[];
  /** A built-in group (`built-in.ts`) is here only when something about it was changed. */
  readonly groups: readonly Group[];
  readonly flows: Readonly<Record<string, readonly Step[]>>;
  readonly numbers: readonly NumberEntry[];
  /**
   * By the section's key in the file; entries in the order of their ids. Left out when there is none, and so is each
   * section.
   */
  readonly sections?: Readonly<Record<string, readonly SectionEntity[]>>;
}
