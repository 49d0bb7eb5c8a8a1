/**
 * What follows from calls besides their records, in the recorder's thread: charges, events for webhooks, notices of
 * emergency calls, traces. Each consumer is one file and one line in {@link CONSUMERS}.
 */
import { webhooks } from "../webhooks/consumer.js";
import { makeCharges } from "./charges.js";
import type { MakeConsumer } from "./consumer.js";
import { makeTraces } from "./trace-consumer.js";

export type { MakeConsumer, RecordConsumer } from "./consumer.js";

/** In the order in which they write. */
export const CONSUMERS: readonly MakeConsumer[] = [makeCharges, webhooks, makeTraces];
