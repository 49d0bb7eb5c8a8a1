/**
 * Goal: a user may do nothing by default; a permission given or denied by name beats what groups say. Method: every
 * permission, for every kind of user.
 */
import { describe, expect, it } from "vitest";
import { group, office, user } from "../../fixtures/core/scene.js";
import { RoutingTable } from "../routing/table.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "./built-in.js";
import { decide, may } from "./permission.js";
import { PERMISSION_NAMES, type Permission } from "./permission-names.js";

const OFFICE = office([], {
  groups: [group(SYSTEM_ADMINS, ["alice"]), group(BILLING_ADMINS, ["bobby"]), group("sales", ["carol"])],
});
const PLACES = [["a routing table", RoutingTable.of(OFFICE, 1)]] as const;

function allowed(username: string, source: (typeof PLACES)[number][1], more: object = {}): Permission[] {
  const who = user(username, [], more);
  return PERMISSION_NAMES.filter((permission) => may(who, permission, source));
}

describe.each(PLACES)("in %s", (_place, source) => {
  it("users outside the administrators' groups have no permission", () => {
    expect(allowed("carol", source)).toEqual([]);
    expect(allowed("dan", source)).toEqual([]);
  });

  it("System Admins have every permission, Billing Admins those about money", () => {
    expect(allowed("alice", source)).toEqual(PERMISSION_NAMES);
    expect(allowed("bobby", source)).toEqual(["billing"]);
  });

  it.each(PERMISSION_NAMES)("%s is given and denied by name, whatever the groups say", (permission) => {
    expect(allowed("carol", source, { permissions: { [permission]: true } })).toEqual([permission]);
    expect(allowed("alice", source, { permissions: { [permission]: false } })).toEqual(
      PERMISSION_NAMES.filter((name) => name !== permission),
    );
  });

  it("a suspended user has no permission", () => {
    expect(allowed("alice", source, { suspended: true, permissions: { users: true } })).toEqual([]);
  });

  it("a user with a number to show may call outside, and the reason says so", () => {
    const who = user("carol", [], { outboundNumber: "+12125550100" });
    expect(decide(who, "outside_calls", source)).toEqual({ allowed: true, because: "has_number" });
    expect(decide(who, "users", source)).toEqual({ allowed: false, because: "default" });
  });
});
