/**
 * Which phones are reachable now, as the switch and a running engine say it: for whoever shows them. Only the engine knows
 * when each phone signed in.
 */
import { CONTEXT_PHONES, PHONES_PROFILE } from "../calls/switch-contract.js";
import type { Clock } from "../clock.js";
import { DIRECTORY_USER } from "../look-up-server.js";
import * as commands from "../switch/commands.js";
import { readRegistrationRows } from "../switch/registrations.js";
import { isUuid } from "../switch/safe-text.js";
import type { SwitchSession } from "../switch/session.js";
import type { EngineSighting, PhoneChannel } from "./phones-list.js";

/** A running engine answers at once. */
const ENGINE_MS = 2_000;

/** The phones that are signed in and their channels; null: the switch has no such profile, or it is not running. */
export async function readPhones(session: SwitchSession) {
  const list = await session.ask(commands.sofiaXmlStatusReg(PHONES_PROFILE));
  if (list.outcome !== "ok" || !list.text.includes("<registrations>")) return null;
  const rows = readRegistrationRows(list.text, PHONES_PROFILE);
  return { rows, channels: await phoneChannels(session) };
}

interface ChannelRow {
  readonly uuid?: string;
  readonly name?: string;
  readonly direction?: string;
  readonly context?: string;
  readonly callstate?: string;
}

/** The phones' channels, recognised by variables that the switch sets and not by headers that a phone sends. */
async function phoneChannels(session: SwitchSession): Promise<PhoneChannel[]> {
  const reply = await session.ask(commands.showChannels());
  const rows = readChannels(reply.text).filter(({ name }) => name?.startsWith(`sofia/${PHONES_PROFILE}/`));
  const found = await Promise.all(
    rows.map(async ({ uuid, name = "", direction, context, callstate }): Promise<PhoneChannel[]> => {
      if (uuid === undefined || !isUuid(uuid)) return [];
      const placed = direction === "inbound";
      if (placed && context !== CONTEXT_PHONES && callstate !== "ACTIVE") return [];
      const variable = placed ? "sip_auth_username" : commands.PHONE_VARIABLE;
      const held = await session.ask(commands.readVariable(uuid, variable));
      if (held.outcome !== "ok" || held.text === "" || held.text === "_undef_") return [];
      const address = placed ? null : (/@([^@;]+)$/.exec(name)?.[1] ?? null);
      return [{ sipName: held.text, address, state: callstate === "RINGING" ? "ringing" : "in a call" }];
    }),
  );
  return found.flat();
}

function readChannels(text: string): readonly ChannelRow[] {
  try {
    const parsed = JSON.parse(text) as { readonly rows?: readonly ChannelRow[] };
    return parsed.rows ?? [];
  } catch {
    return [];
  }
}

/**
 * Asks a running engine since when phones are signed in. Null: no engine answers there.
 * @param address `host:port` of the engine's directory
 */
export async function askEngine(
  address: string,
  secret: string,
  clock: Pick<Clock, "after" | "cancel">,
): Promise<readonly EngineSighting[] | null> {
  const stop = new AbortController();
  const timer = clock.after(ENGINE_MS, () => stop.abort());
  try {
    const token = Buffer.from(`${DIRECTORY_USER}:${secret}`).toString("base64");
    const response = await fetch(`http://${address}/phones`, {
      headers: { Authorization: `Basic ${token}` },
      signal: stop.signal,
    });
    if (!response.ok) return null;
    const said = (await response.json()) as { readonly phones: readonly EngineSighting[] };
    return said.phones;
  } catch {
    return null;
  } finally {
    clock.cancel(timer);
  }
}
