/**
 * The version of a call's saved state, and what makes of a state of one version a state of the next. The version moves
 * when a field is needed that older states have not, or when a field means something else than before; a field that may
 * be missing, and that an older engine may ignore, moves nothing. Each upgrade works on plain JSON and trusts none of it:
 * the schema (`saved.ts`) judges what comes out of the last one.
 */
import { given } from "../office/optional.js";
import { rungKey } from "../steps/ring/rung.js";

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
 * Version 1 left out what was 0, empty or unknown in some places, wrote an empty text where nothing was known in others,
 * said its version within the state, and had other names for leaving a message and for the timers of a dialogue.
 */
function toVersion2({ v: _version, ...state }: Fields): Fields {
  const { caller, legs, phase, timers, legCount } = state;
  return {
    busy: null,
    refusal: null,
    transfer: null,
    ...state,
    // Those legs keep their ids, which were derived otherwise.
    legsOfVersion1: legCount,
    ...(isFields(caller) ? { caller: callerToVersion2(caller) } : {}),
    ...(isList(legs) ? { legs: legs.map((leg) => (isFields(leg) ? legToVersion2(leg) : leg)) } : {}),
    ...(isFields(timers) ? { timers: timersToVersion2(timers) } : {}),
    ...(isFields(phase) ? { phase: phaseToVersion2(phase, legs) } : {}),
  };
}

function callerToVersion2({ from, ...caller }: Fields): Fields {
  return { asked: false, ...caller, ...(isFields(from) ? { from: emptyToNull(from, "device") } : {}) };
}

function legToVersion2(leg: Fields): Fields {
  return emptyToNull({ native: false, codec: null, unseen: 0, ...leg }, "playId", "killCause");
}

/** Puts null where version 1 has an empty text for "none". */
function emptyToNull(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value === "" && names.includes(name) ? null : value,
    ]),
  );
}

function timersToVersion2({ desk, look, ...timers }: Fields): Fields {
  return {
    ...timers,
    ...given({ answer: desk, check: look }),
  };
}

function phaseToVersion2(phase: Fields, legs: unknown): Fields {
  const { kind, ring, taking, listening, ...rest } = phase;
  if (kind === "connected") return { looks: 0, who: null, ...phase };
  if (kind === "handed_over") return { leg: null, ...phase };
  if (kind === "ending") return emptyToNull(phase, "cause");
  if (kind === "listening" && isFields(listening))
    return { ...phase, listening: emptyToNull(listening, "username", "newPin", "draft", "playId") };
  if (kind === "ringing" && isFields(ring))
    return {
      ...phase,
      ring: {
        waits: 0,
        skipped: false,
        native: false,
        losers: [],
        early: null,
        ...ring,
        rung: rungToVersion2(ring["rung"], legs),
      },
    };
  if (kind === "voicemail" && isFields(taking))
    return {
      ...rest,
      kind,
      leaving: leavingToVersion2({ earlier: [], recordId: null, ...emptyToNull(taking, "playId") }),
    };
  return phase;
}

/**
 * Version 1 kept whom a step had rung already with their addresses, `STATION ADDRESS`. Before it kept that at all, the
 * legs said it.
 */
function rungToVersion2(rung: unknown, legs: unknown): unknown {
  if (rung === undefined) return rungByLegs(legs);
  if (!isList(rung)) return rung;
  return rung.map((key) => {
    const [, station, address = ""] = /^([0-9]+) (.*)$/.exec(String(key)) ?? [];
    return station === undefined ? key : rungKey(Number(station), address);
  });
}

function rungByLegs(legs: unknown): readonly string[] {
  if (!isList(legs)) return [];
  return legs.flatMap((leg) => {
    if (!isFields(leg) || !isFields(leg["dial"])) return [];
    const { url, number } = leg["dial"];
    return [rungKey(Number(leg["station"]), String(url ?? number))];
  });
}

/**
 * - The first engines that took messages queued no recording behind the greeting, and began it when they heard that the
 *   greeting was over. Such a call goes on as one whose message was too short: when the greeting is over, the caller
 *   hears the tone and is recorded. The message that was opened for the greeting is empty; it stands with the earlier
 *   takes, so that it is dropped with the rest.
 * - Those engines also kept the greetings to fall back to for the whole call. Today they say that a greeting is still
 *   to come, so a caller who records again would be greeted again.
 * - The first time that the menu was said counted as a repetition.
 */
function leavingToVersion2(taking: Fields): Fields {
  const { stage, recordId, repeats, takes, message, earlier } = taking;
  switch (stage) {
    case "opening":
      return takes === 1 ? taking : { ...taking, greetings: [] };
    case "greeting":
      return recordId === null
        ? {
            ...taking,
            stage: "again",
            greetings: [],
            earlier: [message, ...(isList(earlier) ? earlier : [])],
          }
        : taking;
    case "menu":
      return {
        ...taking,
        greetings: [],
        ...(typeof repeats === "number" ? { repeats: Math.max(0, repeats - 1) } : {}),
      };
    case "leaving":
      return { ...taking, greetings: [], stage: "goodbye" };
    case "settling":
      return { ...taking, greetings: [], stage: "delivering" };
    default:
      return { ...taking, greetings: [] };
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
