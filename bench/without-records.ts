/**
 * Loaded into an engine before its program (`node --import`): the engine then keeps no records of calls, as no setting lets
 * it. It observes nothing, its journal takes nothing, and no recorder runs.
 */
import { Journal } from "../engine/records/journal.js";
import { Recorder } from "../engine/records/recorder.js";
import { Observer } from "../policy/record/observe.js";

for (const method of ["began", "begun", "handled", "adopted"] as const) {
  if (!(method in Observer.prototype)) throw new Error(`an observer has no ${method} to switch off`);
  Object.defineProperty(Observer.prototype, method, { value: () => undefined });
}
Object.defineProperty(Journal.prototype, "happened", { value: () => undefined });
Object.defineProperty(Recorder.prototype, "start", { value: () => undefined });
Object.defineProperty(Recorder.prototype, "finish", { value: () => Promise.resolve() });
Object.defineProperty(Recorder.prototype, "unfinished", { value: () => Promise.resolve([]) });
