/**
 * Gives entries of office files the ids that commands have given them, so that everything else of a renamed entry, its
 * place and its comments too, is written back where it stands.
 */
import { isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { Rename } from "../../../policy/change/renaming.js";
import type { Office, User } from "../../../policy/office/office.js";
import type { OfficeText } from "../files/texts.js";
import { keyOf, Source, type Splice } from "./source.js";

/** The office of the files with the new ids, while all that refers to them still has the old ones. */
export function withNewIds(office: Office, renames: readonly Rename[]): Office {
  const idOf = (kind: "group" | "flow", id: string) =>
    renames.find((rename) => rename.kind === kind && rename.from === id)?.to ?? id;
  const groups = office.groups.map((group) => {
    const id = idOf("group", group.id);
    // A group whose file gives no name is shown by its id.
    return { ...group, id, name: group.name === group.id ? id : group.name };
  });
  const flows = Object.entries(office.flows).map(([id, steps]) => [idOf("flow", id), steps] as const);
  const users = office.users.map((user) => withNewDevices(user, renames));
  return { ...office, users, groups, flows: Object.fromEntries(flows) };
}

function withNewDevices(user: User, renames: readonly Rename[]): User {
  const own = renames.filter((each) => each.kind === "device" && each.username === user.username);
  if (own.length === 0) return user;
  const devices = user.devices.map((device) => ({
    ...device,
    id: own.find(({ from }) => from === device.id)?.to ?? device.id,
  }));
  return { ...user, devices };
}

/** The texts with the new ids where entries have them; a text that has none of them is as it was. */
export function textsWithNewIds(texts: readonly OfficeText[], renames: readonly Rename[]): OfficeText[] {
  return texts.map(({ name, text }) => {
    const source = new Source(text);
    const splices = renames.flatMap((rename) =>
      idsIn(source, rename).flatMap((node) => spliceOf(source, node, rename)),
    );
    splices.sort((a, b) => b.start - a.start);
    return { name, text: splices.reduce((all, splice) => put(all, splice), text) };
  });
}

function put(text: string, { start, end, text: piece }: Splice): string {
  return text.slice(0, start) + piece + text.slice(end);
}

function spliceOf(source: Source, node: Scalar, { to }: Rename): Splice[] {
  const { range } = node;
  return range === null || range === undefined
    ? []
    : [{ start: range[0], end: range[1], text: source.restyled(node, to) }];
}

/** The nodes in which the old id stands as the id of its entry. */
function idsIn(source: Source, rename: Rename): Scalar[] {
  const root: unknown = source.document.contents;
  const isId = (node: unknown): node is Scalar =>
    isScalar(node) && !source.isAliased(node) && String(node.value) === rename.from;
  const section = (name: string) => (isMap(root) ? root.get(name, true) : undefined);
  const ids = (list: unknown) => maps(list).flatMap((entry) => [entry.get("id", true)].filter(isId));
  if (rename.kind === "group") return ids(section("groups"));
  if (rename.kind === "device")
    return maps(section("users"))
      .filter((user) => source.value(user.get("username", true)) === rename.username)
      .flatMap((user) => ids(user.get("devices", true)));
  const flows = section("flows");
  if (!isMap(flows)) return [];
  const pairs = (flows.items as unknown as Pair[]).filter((pair) => keyOf(pair) === rename.from);
  return pairs.map(({ key }) => key).filter(isId);
}

function maps(list: unknown): YAMLMap[] {
  return isSeq(list) ? list.items.filter((item): item is YAMLMap => isMap(item)) : [];
}
