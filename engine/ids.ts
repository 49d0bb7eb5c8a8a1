/** The one source of ids and of randomness, so that tests and the simulator can repeat both from a seed. */
import { randomInt, randomUUID } from "node:crypto";

/** Makes ids that are unique on the switch and in the database. */
export interface IdSource {
  /** A fresh UUID in its canonical lower-case form. */
  uuid(): string;
  /** A whole number from 0 to `below - 1`, evenly distributed. */
  below(below: number): number;
}

/** Ids from the operating system's entropy. */
export const systemIds: IdSource = {
  uuid: () => randomUUID(),
  below: (below) => randomInt(below),
};
