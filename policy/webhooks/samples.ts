/** An event of each kind that did not happen, with which a receiver is tried. */
import type { EventKind } from "./kinds.js";
import { EVENT_VERSION, type EventOf, type WebhookEvent } from "./shape.js";

/** @param id of the event; the same id is the same event */
export function sampleEvent(kind: EventKind, id: string, atMs: number, office: string): WebhookEvent {
  const head = { version: EVENT_VERSION, id, atMs, office, isSample: true } as const;
  const call: EventOf<"call.started">["call"] = {
    id: "00000000-0000-4000-8000-000000000000",
    direction: "in",
    from: "+12125550199",
    name: "A Caller",
    isWithheld: false,
    user: null,
    device: null,
    called: "+12125550100",
    carrier: "main",
    partOf: null,
    sipCallId: "sample@example.com",
    beganMs: atMs - 30_000,
  };
  switch (kind) {
    case "call.started":
      return { ...head, event: kind, call };
    case "call.ringing":
      return { ...head, event: kind, call, ringing: { who: "alice.wong", device: "desk", group: "sales" } };
    case "call.answered":
      return { ...head, event: kind, call, answered: { who: "alice.wong", device: "desk", waitMs: 6_200 } };
    case "message.left":
      return { ...head, event: kind, call, message: { mailbox: "group:sales" } };
    case "call.missed":
      return { ...head, event: kind, call, missed: { waitMs: 24_000, rang: ["alice.wong"] } };
    case "call.ended":
      return {
        ...head,
        event: kind,
        call,
        ended: {
          result: "answered",
          side: "caller",
          cause: "NORMAL_CLEARING",
          answeredBy: "alice.wong",
          mailbox: null,
          firstRingMs: atMs - 29_800,
          connectedMs: atMs - 23_800,
          endedMs: atMs,
          isSeen: true,
        },
      };
    case "emergency.call":
      return {
        ...head,
        event: kind,
        call: {
          ...call,
          direction: "out",
          from: "101",
          name: "Alice Wong",
          user: "alice.wong",
          device: "desk",
          called: "933",
        },
        emergency: {
          number: "933",
          isTest: true,
          user: "alice.wong",
          userName: "Alice Wong",
          extension: "101",
          device: "desk",
          location: "Building 2, 3rd floor, room 310",
          callBack: "+12125550101",
        },
      };
    case "fraud.alarm":
      return { ...head, event: kind, alarm: { kind: "spike", payer: "alice.wong", figures: { calls: 21 } } };
  }
}
