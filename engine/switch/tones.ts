/**
 * The ringback tone that callers hear, as in the office's country (ITU-T E.180, Supplement 2), in the notation of
 * FreeSWITCH's tone generator: `%(on ms, off ms, Hz, Hz)`. The endless loop is part of the stream, because the
 * `loops` header of a message stops after one pass when a pass is short (switch_ivr.c).
 */

/** Used by most countries: one second on, four off, 425 Hz. */
const COMMON = "%(1000,4000,425)";
const NORTH_AMERICA = "%(2000,4000,440,480)";
const BRITISH = "%(400,200,400,450);%(400,2000,400,450)";

const TONES: Readonly<Record<string, string>> = {
  US: NORTH_AMERICA,
  CA: NORTH_AMERICA,
  PR: NORTH_AMERICA,
  GB: BRITISH,
  IE: BRITISH,
  AU: BRITISH,
  NZ: BRITISH,
  HK: "%(400,200,440,480);%(400,3000,440,480)",
  SG: BRITISH,
  FR: "%(1500,3500,440)",
  BE: "%(1000,3000,425)",
  ES: "%(1500,3000,425)",
  SE: "%(1000,5000,425)",
  JP: "%(1000,2000,400)",
};

/** The endless ringback tone of a country (ISO 3166 alpha-2, either case), as a sound to play. */
export function ringbackTone(country: string): string {
  const code = country.toUpperCase();
  const tone = Object.hasOwn(TONES, code) ? TONES[code] : undefined;
  return `tone_stream://${tone ?? COMMON};loops=-1`;
}
