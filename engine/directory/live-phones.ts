/**
 * Which phones are reachable now, as the switch and a running engine say it: for whoever shows them. Only the engine knows
 * when each phone signed in.
 */
import { CONTEXT_PHONES, PHONES_PROFILE } from "../calls/switch-contract.js";
import * as commands from "../switch/commands.js";
import { readRegistrationRows } from "../switch/registrations.js";
import { isUuid } from "../switch/safe-text.js";
import type { SwitchSession } from "../switch/session.js";
import { askEngine, type EngineAt } from "./ask-engine.js";
import type { EngineSighting, PhoneChannel } from "./phones-list.js";

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

/** Since when phones are signed in. Null: no engine answers there. */
export async function askPhones(at: EngineAt): Promise<readonly EngineSighting[] | null> {
  const said = (await askEngine(at, "/phones")) as { readonly phones?: readonly EngineSighting[] } | null;
  return said?.phones ?? null;
}
