/**
 * The time axis of a drawing. Twenty seconds of ringing and an hour of talk do not fit on one scale, so stretches in which
 * nothing happens for long are shortened: the axis has a break there.
 */

/** A part of the axis between two moments at which something happens. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromX: number;
  readonly toX: number;
  readonly isBroken: boolean;
}

export interface Tick {
  readonly atMs: number;
  readonly x: number;
}

/** A shortened stretch. */
export interface Break {
  readonly x: number;
  readonly ms: number;
}

/** No shorter stretch is broken. */
const BREAK_MS = 60_000;
/** A stretch is broken when it is so many times as long as all shorter ones together. */
const BREAK_FACTOR = 3;
/** The shorter ones count as this at least, so that a break does not enlarge a second to the whole width. */
const BREAK_LEAST_MS = 20_000;
/** What a broken stretch gets of the width, and all of them together at most. */
const BREAK_SHARE = 0.18;
const BREAKS_SHARE = 0.6;
/** Room for the number below a tick. */
const TICK_PX = 58;
const TICK_STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1_000,
);

export class Scale {
  readonly #stretches: readonly Stretch[];

  /**
   * @param moments when something happens, at least two of them at different times
   * @param fromX where the axis begins; `toX` where it ends
   */
  constructor(
    moments: readonly number[],
    private readonly fromX: number,
    private readonly toX: number,
  ) {
    this.#stretches = stretchesOf(
      [...new Set(moments)].sort((a, b) => a - b),
      fromX,
      toX,
    );
  }

  x(ms: number): number {
    const stretch = this.#stretches.find(({ toMs }) => ms <= toMs) ?? this.#stretches.at(-1);
    if (stretch === undefined) return this.fromX;
    const { fromMs, toMs, fromX, toX } = stretch;
    const x = fromX + ((ms - fromMs) / (toMs - fromMs)) * (toX - fromX);
    return Math.min(this.toX, Math.max(this.fromX, x));
  }

  breaks(): Break[] {
    return this.#stretches
      .filter(({ isBroken }) => isBroken)
      .map(({ fromMs, toMs, fromX, toX }) => ({ x: (fromX + toX) / 2, ms: toMs - fromMs }));
  }

  /** At whole steps of time, and never in a break. */
  ticks(zeroMs: number): Tick[] {
    const ticks: Tick[] = [];
    for (const run of this.#runs()) {
      const perMs = (run.toX - run.fromX) / (run.toMs - run.fromMs);
      const stepMs = TICK_STEPS_MS.find((step) => step * perMs >= TICK_PX) ?? run.toMs - run.fromMs;
      const first = Math.ceil((run.fromMs - zeroMs) / stepMs) * stepMs + zeroMs;
      for (let atMs = first; atMs <= run.toMs; atMs += stepMs) {
        const x = this.x(atMs);
        if (x - (ticks.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= TICK_PX) ticks.push({ atMs, x });
      }
    }
    return ticks;
  }

  /** Stretches next to each other between two breaks; all of them have the same scale. */
  #runs(): Stretch[] {
    const runs: Stretch[] = [];
    for (const stretch of this.#stretches) {
      const last = runs.at(-1);
      if (stretch.isBroken) continue;
      if (last !== undefined && last.toMs === stretch.fromMs)
        runs.splice(-1, 1, { ...last, toMs: stretch.toMs, toX: stretch.toX });
      else runs.push(stretch);
    }
    return runs;
  }
}

function stretchesOf(moments: readonly number[], fromX: number, toX: number): Stretch[] {
  const lengths = moments.slice(1).map((ms, index) => ms - (moments[index] ?? ms));
  const limitMs = breakLimit(lengths);
  const broken = lengths.filter((ms) => ms >= limitMs).length;
  const share = broken === 0 ? 0 : Math.min(BREAK_SHARE, BREAKS_SHARE / broken);
  const restMs = lengths.reduce((sum, ms) => sum + (ms >= limitMs ? 0 : ms), 0);
  const width = toX - fromX;
  // Without any other stretch the breaks have it all.
  const brokenPx = restMs === 0 && broken > 0 ? width / broken : share * width;
  const perMs = restMs === 0 ? 0 : (width - brokenPx * broken) / restMs;
  let x = fromX;
  return lengths.map((ms, index) => {
    const isBroken = ms >= limitMs;
    const begins = x;
    x += isBroken ? brokenPx : ms * perMs;
    const fromMs = moments[index] ?? 0;
    return { fromMs, toMs: fromMs + ms, fromX: begins, toX: x, isBroken };
  });
}

/** From which length on stretches are broken: one that is long beside all the shorter ones. */
function breakLimit(lengths: readonly number[]): number {
  let shorterMs = 0;
  for (const ms of [...lengths].sort((a, b) => a - b)) {
    if (ms > BREAK_MS && ms > BREAK_FACTOR * Math.max(BREAK_LEAST_MS, shorterMs)) return ms;
    shorterMs += ms;
  }
  return Number.POSITIVE_INFINITY;
}
