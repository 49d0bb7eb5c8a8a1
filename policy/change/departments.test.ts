/** Goal: a department is a group, a new one, or a question. Method: a table of titles. */
import { describe, expect, it } from "vitest";
import { departmentOf, groupIdOf, isNear } from "./departments.js";

const GROUPS = [
  { id: "sales", name: "Sales" },
  { id: "vertrieb", name: "Sales South" },
  { id: "system-admins", name: "System Admins" },
  { id: "team-a", name: "Team A" },
];
const NONE = new Map<string, string>();

describe("a department", () => {
  it.each([
    ["Sales", "sales"],
    ["SALES", "sales"],
    ["Sales South", "vertrieb"],
    ["Büro & Empfang", "buero-empfang"],
    ["Team B", "team-b"],
    ["system-admins", "system-admins"],
  ])("%s is the group %s", (title, id) => {
    expect(departmentOf(title, GROUPS, NONE)).toEqual({ kind: "is", id });
  });

  it.each([
    ["Sales Dept", "sales", "sales-dept"],
    ["Sale", "sales", "sale"],
    ["Slaes", "sales", "slaes"],
    ["Sales-South", "vertrieb", "sales-south"],
    ["TeamA", "team-a", "teama"],
    ["System Admins", "system-admins", "system-admins-2"],
  ])("%s is nearly %s, or a new group %s", (title, group, id) => {
    expect(departmentOf(title, GROUPS, NONE)).toMatchObject({ kind: "near", id, group: { id: group } });
  });

  it("is what was said of it", () => {
    const said = new Map([
      ["Sales Dept", "sales"],
      ["Temp", "-"],
    ]);
    expect(departmentOf("Sales Dept", GROUPS, said)).toEqual({ kind: "is", id: "sales" });
    expect(departmentOf("Temp", GROUPS, said)).toEqual({ kind: "none" });
  });
});

it.each([
  ["Shift 1", "Shift 2"],
  ["IT", "HR"],
  ["Support", "Sales"],
])("%s and %s are two groups", (a, b) => {
  expect(isNear(a, b)).toBe(false);
});

it("an id begins and ends with a letter or digit", () => {
  expect(groupIdOf("(Sales Dept.)")).toBe("sales-dept");
});
