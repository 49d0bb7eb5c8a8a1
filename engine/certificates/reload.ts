/**
 * Makes the switch present another certificate and loses no call. The switch reads its certificate only when a profile
 * starts (tport_tls_init_master in sofia-sip has no way to read it again), and a profile that is restarted ends its
 * calls. So the profiles are restarted at a moment when there is no call.
 */
import { PHONES_PROFILE } from "../calls/switch-contract.js";
import type { Clock } from "../clock.js";
import * as commands from "../switch/commands.js";
import type { SwitchSession } from "../switch/session.js";
import type { CertificateFacts } from "./pem.js";
import { presentedAt, type TlsPort } from "./presented.js";

/** Phones first: more depends on them. */
export const TLS_PROFILES = [PHONES_PROFILE, "carriers"] as const;
export type TlsProfile = (typeof TLS_PROFILES)[number];

export type Reloaded =
  /** Both present the certificate. */
  | { readonly kind: "presents"; readonly wasRestarted: boolean }
  /** There were calls at every look. */
  | { readonly kind: "busy"; readonly calls: number }
  /** They were restarted, or cannot be, and the reason why one does not present the certificate. */
  | { readonly kind: "other"; readonly why: string };

export interface Reload {
  readonly session: SwitchSession;
  readonly clock: Clock;
  /** SHA-256 of the certificate that is wanted. */
  readonly fingerprint: string;
  /** Until when a moment without calls is waited for. */
  readonly untilMs: number;
  /** Called when there are calls, with their number, the first time. */
  readonly waiting: (calls: number) => void;
  /** Replaced in tests. */
  readonly presented?: (port: TlsPort) => Promise<CertificateFacts | undefined>;
}

/** Between two looks at the calls. */
const LOOK_MS = 500;
/** A restart takes some 2 s. */
const STARTED_WITHIN_MS = 30_000;

/**
 * Both profiles are restarted in the same moment: a caller of a carrier's who got in while the phones' profile restarts
 * would find no phone, while a carrier that gets no answer sends its INVITE again (RFC 3261, 17.1.1.2).
 */
export async function reloadCertificate(reload: Reload): Promise<Reloaded> {
  const { session, clock, untilMs } = reload;
  let wasSaid = false;
  for (;;) {
    const old = await presentingAnother(reload);
    if (old.length === 0) return { kind: "presents", wasRestarted: false };
    const calls = await liveLegs(session);
    if (calls === undefined) return { kind: "other", why: "the switch does not say which calls there are" };
    if (calls === 0) {
      const refusal = await restart(session);
      if (refusal === undefined) return afterRestart(reload);
      // Within 10 s of its start a profile is not restarted.
      if (!/must be up for at least/.test(refusal)) return { kind: "other", why: refusal };
    } else if (!wasSaid) {
      wasSaid = true;
      reload.waiting(calls);
    }
    if (clock.nowMs() >= untilMs) return { kind: "busy", calls };
    await pause(clock, LOOK_MS);
  }
}

/** The switch's words when it refuses; undefined: both profiles restart. */
async function restart(session: SwitchSession): Promise<string | undefined> {
  const replies = await Promise.all(
    TLS_PROFILES.map((profile) => session.ask(commands.restartProfile(profile))),
  );
  return replies.map(({ text }) => text.trim()).find((text) => !text.includes("restarting"));
}

async function afterRestart(reload: Reload): Promise<Reloaded> {
  const { clock } = reload;
  const endMs = clock.nowMs() + STARTED_WITHIN_MS;
  let old: readonly TlsProfile[];
  do {
    await pause(clock, LOOK_MS);
    old = await presentingAnother(reload);
    if (old.length === 0) return { kind: "presents", wasRestarted: true };
  } while (clock.nowMs() < endMs);
  const [profile = PHONES_PROFILE] = old;
  const why =
    (await tlsPortOf(reload.session, profile)) === undefined
      ? `the profile ${profile} has no TLS: see that the switch finds agent.pem in its folder (RINGLINE_TLS_DIR), and the switch's log`
      : `the profile ${profile} presents another certificate: see that it was installed in the switch's own folder (RINGLINE_TLS_DIR)`;
  return { kind: "other", why };
}

async function presentingAnother(reload: Reload): Promise<readonly TlsProfile[]> {
  const old: TlsProfile[] = [];
  for (const profile of TLS_PROFILES) if (!(await presents(reload, profile))) old.push(profile);
  return old;
}

async function presents(reload: Reload, profile: TlsProfile): Promise<boolean> {
  const port = await tlsPortOf(reload.session, profile);
  if (port === undefined) return false;
  const facts = await (reload.presented ?? presentedAt)(port);
  return facts?.fingerprint === reload.fingerprint;
}

/** Where a profile listens for TLS; undefined: it does not run, or has no TLS. */
export async function tlsPortOf(session: SwitchSession, profile: TlsProfile): Promise<TlsPort | undefined> {
  const { text } = await session.ask(commands.sofiaXmlStatus(profile));
  const host = /<sip-ip>([^<]+)<\/sip-ip>/.exec(text)?.[1];
  const port = /<tls-url>[^<]*?:(\d+)[^<:]*<\/tls-url>/.exec(text)?.[1];
  return host === undefined || port === undefined ? undefined : { host, port: Number(port) };
}

/** How many legs the switch has; undefined: its answer cannot be read, which is not the same as none. */
async function liveLegs(session: SwitchSession): Promise<number | undefined> {
  const reply = await session.ask(commands.showChannels());
  if (reply.outcome !== "ok") return undefined;
  try {
    const { row_count } = JSON.parse(reply.text) as { readonly row_count?: unknown };
    return typeof row_count === "number" ? row_count : undefined;
  } catch {
    return undefined;
  }
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}
