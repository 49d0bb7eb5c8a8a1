/**
 * The version of a call's saved state, and what makes of a state of one version a state of the next. The version moves
 * when a field is needed that older states have not, or when a field means something else than before; a field that may
 * be missing, and that an older engine may ignore, moves nothing. Each upgrade works on plain JSON and trusts none of it:
 * the schema (`saved.ts`) judges what comes out of the last one.
 */
type Fields = Readonly<Record<string, unknown>>;

/** `UPGRADES[0]` leads from version 1 to version 2, and so on. */
const UPGRADES: ReadonlyArray<(state: Fields) => Fields> = [toVersion2];

/** The version that this engine writes. */
export const STATE_VERSION = UPGRADES.length + 1;

/** @param from the version of `state`, from 1 to {@link STATE_VERSION} */
export function upgradeState(state: unknown, from: number): unknown {
  if (!isFields(state)) return state;
  return UPGRADES.slice(from - 1).reduce((older, upgrade) => upgrade(older), state);
}

/**
 * Version 1 left out what was 0, empty or unknown in some places, said its version within the state, and had other names
 * for leaving a message and for the timers of a dialogue.
 */
function toVersion2({ v: _version, ...state }: Fields): Fields {
  const { legs, phase, timers } = state;
  return {
    busy: null,
    ...state,
    ...(Array.isArray(legs)
      ? { legs: legs.map((leg) => (isFields(leg) ? { codec: null, ...leg } : leg)) }
      : {}),
    ...(isFields(timers) ? { timers: timersToVersion2(timers) } : {}),
    ...(isFields(phase) ? { phase: phaseToVersion2(phase, legs) } : {}),
  };
}

function timersToVersion2({ desk, look, ...timers }: Fields): Fields {
  return {
    ...timers,
    ...(desk === undefined ? {} : { answer: desk }),
    ...(look === undefined ? {} : { check: look }),
  };
}

function phaseToVersion2(phase: Fields, legs: unknown): Fields {
  const { kind, ring, taking, ...rest } = phase;
  if (kind === "connected") return { looks: 0, ...phase };
  if (kind === "ringing" && isFields(ring))
    return { ...phase, ring: { waits: 0, rung: rungByLegs(legs), ...ring } };
  if (kind === "voicemail" && isFields(taking))
    return { ...rest, kind, leaving: leavingToVersion2({ earlier: [], recordId: null, ...taking }) };
  return phase;
}

/** Before it was kept whom a step had rung already, the legs said it. */
function rungByLegs(legs: unknown): readonly string[] {
  if (!Array.isArray(legs)) return [];
  return legs.flatMap((leg) => {
    if (!isFields(leg) || !isFields(leg["dial"])) return [];
    const { url, number } = leg["dial"];
    return [`${leg["station"]} ${url ?? number}`];
  });
}

/**
 * - The first engines that took messages queued no recording behind the greeting. Their callers hear the tone next, and
 *   record a further message, as after one that was too short.
 * - The first time that the menu was said counted as a repetition.
 */
function leavingToVersion2(taking: Fields): Fields {
  const { stage, recordId, repeats } = taking;
  switch (stage) {
    case "greeting":
      return recordId === null ? { ...taking, stage: "again" } : taking;
    case "menu":
      return typeof repeats === "number" ? { ...taking, repeats: Math.max(0, repeats - 1) } : taking;
    case "leaving":
      return { ...taking, stage: "goodbye" };
    case "settling":
      return { ...taking, stage: "delivering" };
    default:
      return taking;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
