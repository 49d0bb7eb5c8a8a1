/**
 * What counts as silence in a recording. The switch's silence detection, the engine's, which also knows the noise of the
 * line, and the judgement that a recording holds no message go by this one rule.
 *
 * The loudness of a frame of 20 ms is its mean absolute value, with full scale at 32,767, as the switch computes it
 * (switch_ivr_record_file, `score`).
 */

/** `auto`: adapted to the noise of the line; a number: frames quieter than that; `off`: nothing counts as silence. */
export type SilenceLevel = "auto" | "off" | number;

/**
 * Below this, nothing is sound. A silent line has loudness 8 with A-law (G.711 has no smaller value there), up to 8 with
 * u-law, and 12 where the switch fills gaps (switch_generate_sln_silence with record_fill_cng=true, divisor 1400).
 */
export const SILENCE_LEVEL_MIN = 16;

/** From here on, everything is sound, however even it is: no line's noise is that loud, but quiet speech is. */
const NOISE_MAX = 140;

/** Sound stands out of the noise by this factor, 8 dB. */
const ABOVE_NOISE = 2.5;

/**
 * The loudness at which a frame is sound.
 * @param noise the loudness of the line while nobody speaks
 */
export function soundLevel(level: SilenceLevel, noise: number): number {
  if (level === "off") return 0;
  if (level !== "auto") return level;
  return Math.min(NOISE_MAX, Math.max(SILENCE_LEVEL_MIN, noise * ABOVE_NOISE));
}
