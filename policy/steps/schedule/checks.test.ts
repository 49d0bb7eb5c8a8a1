/**
 * Goal: holidays that are over are warned about, by the schedule's own calendar. Method: an office read at moments; all
 * other checks have a file each in `fixtures/offices`.
 */
import { expect, it } from "vitest";
import { resolveOffice } from "../../office-file/resolve.js";

const HOURS = [{ days: "mon-fri", from: "08:00", to: "17:00" }];

function warningsAt(iso: string | undefined, closed: readonly unknown[]): string[] {
  const file = {
    office: { name: "Acme", country: "US", timezone: "America/New_York" },
    users: [{ username: "alice", name: "Alice", devices: [{ id: "desk", sip: "alice" }] }],
    carriers: [{ id: "main", proxy: "sip.example.net" }],
    schedules: [{ id: "practice", timezone: "Asia/Tokyo", open: HOURS, closed }],
    flows: { main: [{ schedule: "practice", closed: "user:alice" }, { hangup: "busy" }] },
    numbers: [{ number: "+12125550100", flow: "main" }],
  };
  const nowMs = iso === undefined ? undefined : Date.parse(iso);
  return resolveOffice([file], { nowMs }).problems.map(({ severity, message }) => `${severity}: ${message}`);
}

it.each([
  ["2026-12-25T14:59:59Z", ["2026-12-25"], []],
  // In Tokyo it is the 26th from here on.
  ["2026-12-25T15:00:00Z", ["2026-12-25"], ["warning: a holiday of `practice` is over since 2026-12-25"]],
  [
    "2027-02-01T00:00:00Z",
    ["2026-12-25", { from: "2026-12-31", to: "2027-01-01" }, "2027-05-01"],
    ["warning: 2 holidays of `practice` are over, the last since 2027-01-01"],
  ],
  [undefined, ["2026-12-25"], []],
])("read at %s, %j", (iso, closed, expected) => {
  expect(warningsAt(iso, closed)).toEqual(expected);
});
