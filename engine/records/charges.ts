/** Keeps answered calls to the public network for `ringline usage`, in the transaction that writes the records. */
import { writeCharges } from "../../storage/records/charges.js";
import type { MakeConsumer } from "./consumer.js";

export const makeCharges: MakeConsumer = () => ({ written: writeCharges });
