/** What has to be done about the switch's gateways, from what it has and what the office says. Nothing that is right is touched. */
import { type Gateway, markOf } from "./gateway.js";

/** A gateway of the carriers' profile as the switch has it. */
export interface FoundGateway {
  readonly name: string;
  /** The mark of its settings; null: it is not ours, someone has written it into a file of the switch. */
  readonly mark: string | null;
  /** It is being deleted: no call can use it any more. */
  readonly isGoing: boolean;
}

export interface Plan {
  /** Gateways to delete: they are not in the office any more, or have other settings now. */
  readonly kill: readonly string[];
  /** Gateways that the switch has to ask for. */
  readonly missing: readonly string[];
  /**
   * Gateways that have taken the place of one that is gone now. Both had the same contact at the carrier, so the end of
   * the old registration may have ended the new one: it is made again.
   */
  readonly register: readonly string[];
  /** The same, while the one that is replaced is not gone yet. */
  readonly waits: readonly string[];
  /** Gateways that stand in a file of the switch, under the name of one of the office's. They are left alone. */
  readonly written: readonly string[];
}

/**
 * @param wanted what the office says, by name
 * @param replaced the gateways that were deleted for another of the same name, and not registered again since
 * @param untouched the gateways of carriers whose password is not known: what they should be is not known either
 */
export function planFor(
  wanted: ReadonlyMap<string, Gateway>,
  found: readonly FoundGateway[],
  replaced: ReadonlySet<string>,
  untouched: ReadonlySet<string>,
): Plan {
  const staying = new Map(found.filter(({ isGoing }) => !isGoing).map((gateway) => [gateway.name, gateway]));
  const going = new Set(found.filter(({ isGoing }) => isGoing).map(({ name }) => name));
  const isRight = (gateway: Gateway) => staying.get(gateway.name)?.mark === markOf(gateway);
  const kill = [...staying.values()].flatMap(({ name, mark }) => {
    const gateway = wanted.get(name);
    if (mark === null || untouched.has(name)) return [];
    return gateway !== undefined && isRight(gateway) ? [] : [name];
  });
  const written = [...staying.values()].flatMap(({ name, mark }) =>
    mark === null && wanted.has(name) ? [name] : [],
  );
  const missing = [...wanted.values()].flatMap((gateway) =>
    isRight(gateway) || written.includes(gateway.name) ? [] : [gateway.name],
  );
  const again = [...replaced].filter((name) => {
    const gateway = wanted.get(name);
    return gateway?.registers === true && isRight(gateway);
  });
  const register = again.filter((name) => !going.has(name));
  return { kill, missing, register, waits: again.filter((name) => going.has(name)), written };
}
