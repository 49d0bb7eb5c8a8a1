/** Undo and redo of steps that are being edited. What is saved has its own undo, as every revision has. */
import { useState } from "react";
import type { StepFile } from "./steps.js";

type Steps = readonly StepFile[];

export interface StepsHistory {
  change(steps: Steps): void;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** What was saved or discarded is not taken back here. */
  forget(): void;
}

/** More than anybody takes back one by one. */
const KEPT_MAX = 100;

export function useStepsHistory(steps: Steps, set: (steps: Steps) => void): StepsHistory {
  const [past, setPast] = useState<readonly Steps[]>([]);
  const [future, setFuture] = useState<readonly Steps[]>([]);
  return {
    change: (next) => {
      setPast([...past, steps].slice(-KEPT_MAX));
      setFuture([]);
      set(next);
    },
    undo: () => {
      const last = past.at(-1);
      if (last === undefined) return;
      setPast(past.slice(0, -1));
      setFuture([steps, ...future]);
      set(last);
    },
    redo: () => {
      const [next, ...rest] = future;
      if (next === undefined) return;
      setFuture(rest);
      setPast([...past, steps]);
      set(next);
    },
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    forget: () => {
      setPast([]);
      setFuture([]);
    },
  };
}
