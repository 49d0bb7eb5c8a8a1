/**
 * The noise of a line, measured in a recording of it, frame by frame. A line's noise is there all the time, in every pause
 * of the caller; a gap in the sound, where packets were lost, is short and rare. So the noise is not the quietest moment of
 * all, but what is left when as much as the gaps of a line make up is left out (`policy/mailbox/silence.ts` says what it is
 * for).
 */

/** One measurement is the mean over so many frames in a row: single frames of an even noise differ too much. */
const MEASURED_FRAMES = 3;

/** This share of the measurements is left out, the quietest: gaps may make up a twentieth of a recording. */
const LEFT_OUT_SHARE = 0.05;
/** So many are left out at least, 400 ms, that one gap in a short recording changes nothing. */
const LEFT_OUT_MIN = 20;

/**
 * How the line sounds before the caller speaks: no louder than the loudest moment of the first 300 ms. A gap of 200 ms
 * there leaves some noise to be heard.
 */
const BEGINNING_FRAMES = 15;

/** Measurements are counted in steps of loudness. What is louder than all steps is not told apart: no line is so noisy. */
const STEPS_PER_UNIT = 2;
const LOUDNESS_MAX = 64;

export class LineNoise {
  readonly #counts = new Uint32Array(STEPS_PER_UNIT * LOUDNESS_MAX + 1);
  #measurements = 0;
  #frames = 0;
  #loudestAtBeginning = 0;

  /** @param frames all frames so far: the loudness of the last is new */
  hear(frames: readonly number[]): void {
    this.#frames = frames.length;
    if (frames.length < MEASURED_FRAMES) return;
    let sum = 0;
    for (let back = 1; back <= MEASURED_FRAMES; back++) sum += frames.at(-back) ?? 0;
    const loudness = sum / MEASURED_FRAMES;
    const step = Math.min(this.#counts.length - 1, Math.floor(loudness * STEPS_PER_UNIT));
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#measurements += 1;
    if (frames.length <= BEGINNING_FRAMES)
      this.#loudestAtBeginning = Math.max(this.#loudestAtBeginning, loudness);
  }

  /** 0 until enough of the line was heard. */
  get loudness(): number {
    return this.#frames < BEGINNING_FRAMES ? 0 : Math.min(this.#loudestAtBeginning, this.#withoutGaps);
  }

  get #withoutGaps(): number {
    let left = Math.max(LEFT_OUT_MIN, this.#measurements * LEFT_OUT_SHARE);
    if (this.#measurements <= left) return 0;
    const step = this.#counts.findIndex((count) => {
      left -= count;
      return left < 0;
    });
    return step / STEPS_PER_UNIT;
  }
}
