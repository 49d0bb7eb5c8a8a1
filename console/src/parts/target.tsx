/**
 * Choosing where a call goes, by typing a part of it: a user, a group, a call flow, or a phone outside. What it is stands
 * with each; whoever is not there yet is created right there.
 */
import { type ReactNode, useRef, useState } from "react";
import {
  Button as AriaButton,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";
import type { AnswerOf } from "../office/client.js";
import { useReach } from "../office/me.js";
import { useRead } from "../office/read.js";
import { phone } from "../office/when.js";
import { type Speech, useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { type Creatable, CreateTarget } from "./create-target.js";

export type TargetKind = "user" | "group" | "flow" | "number" | "extension";
/** What can be looked for; an extension is found as the user or group that has it. */
export type SearchedKind = Exclude<TargetKind, "extension">;

export interface TargetParts {
  readonly kind: TargetKind;
  /** Empty: the kind is chosen, and no more yet. */
  readonly id: string;
}

/** `user:alice.wong` in its parts; null: there is no target. */
export function targetParts(target: string | null | undefined): TargetParts | null {
  const [, kind, id] = /^(user|group|flow|number|extension):(.*)$/s.exec(target ?? "") ?? [];
  return kind === undefined || id === undefined ? null : { kind: kind as TargetKind, id };
}

/** Whether a target names something, and not only its kind. */
export function isWhole(target: string | null | undefined): target is string {
  const parts = targetParts(target);
  return parts !== null && parts.id !== "";
}

interface Found {
  readonly id: string;
  readonly text: string;
  /** What it is. */
  readonly more: string;
  /** What stands in the list, where it is not the text that is chosen. */
  readonly label?: string;
}

/** More would not be read through; typing on finds the rest. */
const FOUND_MAX = 20;
/** The longest page of a list. */
const WHOLE_MAX = 500;

/** A target by the name that people know it by: `Alice Wong`; until it is known, or for what is gone, its id. */
export function useTargetName(target: string | null | undefined): string {
  const parts = targetParts(target);
  const isInside = parts !== null && parts.id !== "" && ["user", "group", "extension"].includes(parts.kind);
  // One read knows all names of most offices; in a larger one, who is not in it is asked for.
  const all = useRead("listDirectory", { query: { limit: WHOLE_MAX } }, { enabled: isInside });
  const isOf = (entry: Entry) => isEntryOf(entry, parts);
  const isKnown = all.data?.value.items.some(isOf) === true;
  const isMore = all.data !== undefined && all.data.value.next !== null;
  const query = {
    q: parts?.id ?? "",
    limit: 100,
    ...(parts?.kind === "user" || parts?.kind === "group" ? { kind: parts.kind } : {}),
  };
  const found = useRead("listDirectory", { query }, { enabled: isInside && isMore && !isKnown });
  if (parts === null) return "";
  if (parts.kind === "number") return phone(parts.id);
  const entry = all.data?.value.items.find(isOf) ?? found.data?.value.items.find(isOf);
  if (parts.kind !== "extension") return entry?.name ?? parts.id;
  return entry === undefined ? parts.id : `${entry.name} (${parts.id})`;
}

type Entry = AnswerOf<"listDirectory">["items"][number];

function isEntryOf({ kind, id, extension }: Entry, parts: TargetParts | null): boolean {
  if (parts === null) return false;
  return parts.kind === "extension" ? extension === parts.id : kind === parts.kind && id === parts.id;
}

/** The name of a target in a line of text. */
export function TargetName({ of }: { readonly of: string }): ReactNode {
  return <>{useTargetName(of)}</>;
}

export function TargetSearch({
  label,
  help,
  fault,
  kinds,
  value,
  onChange,
  isDisabled = false,
  isCreating = true,
}: {
  readonly label: string;
  readonly help?: string;
  readonly fault?: string | undefined;
  readonly kinds: readonly SearchedKind[];
  /** As a file writes it: `user:alice.wong`. */
  readonly value: string | null;
  onChange(target: string | null): void;
  readonly isDisabled?: boolean;
  /** False: what is not there cannot be created here. */
  readonly isCreating?: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const names = useRef(new Map<string, Found>());
  const [typed, setTyped] = useState<string | null>(null);
  const name = useTargetName(value);
  const whole = isWhole(value) ? value : null;
  const chosen = whole === null ? null : (names.current.get(whole) ?? { id: whole, text: name, more: "" });
  const found = useFound(typed ?? "", kinds);
  for (const each of found) names.current.set(each.id, each);
  const [creating, setCreating] = useState<Creatable | null>(null);
  const creatable = useCreatable(isCreating && !isDisabled ? kinds : []);
  const lastTyped = useRef("");
  if (typed !== null) lastTyped.current = typed;
  const items = [
    ...(chosen === null || found.some(({ id }) => id === chosen.id) ? [] : [chosen]),
    ...found,
    ...(typed === null || typed.trim() === ""
      ? []
      : creatable.map((kind) => toCreate(say, kind, typed.trim()))),
  ];
  const choose = (target: string | null) => {
    setTyped(null);
    const kind = creatable.find((each) => target === `${CREATE}${each}`);
    if (kind === undefined) onChange(target);
    else setCreating(kind);
  };
  return (
    <div className="field-with-more">
      <ComboBox
        className="field"
        items={items}
        value={whole}
        onChange={(key) => choose(key === null ? null : String(key))}
        inputValue={typed ?? chosen?.text ?? ""}
        onInputChange={(text) => setTyped(text === chosen?.text ? null : text)}
        isInvalid={fault !== undefined}
        isDisabled={isDisabled}
        menuTrigger="focus"
        allowsEmptyCollection
      >
        <Label>{label}</Label>
        <span className="input combo">
          <Input
            placeholder={say(
              kinds.length === 1 && kinds[0] === "number" ? "target.type_number" : "target.type",
            )}
          />
          <AriaButton aria-label={say("app.choose")}>▾</AriaButton>
        </span>
        {help !== undefined && (
          <Text slot="description" className="help">
            {help}
          </Text>
        )}
        <FieldError className="fault">{fault}</FieldError>
        <Popover className="popover">
          <ListBox
            className="options"
            renderEmptyState={() => <p className="help">{say("target.nothing_found")}</p>}
          >
            {(item: Found) => (
              <ListBoxItem id={item.id} textValue={item.text} className="option">
                <Text slot="label">{item.label ?? item.text}</Text>
                {item.more !== "" && (
                  <Text slot="description" className="help">
                    {item.more}
                  </Text>
                )}
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {creatable.length > 0 && (
        <span className="row tight-row">
          {creatable.map((kind) => (
            <Button key={kind} look="quiet" size="small" onPress={() => setCreating(kind)}>
              {say(`target.create_${kind}`)}
            </Button>
          ))}
        </span>
      )}
      {creating !== null && (
        <CreateTarget
          kind={creating}
          name={lastTyped.current.trim()}
          onClose={() => setCreating(null)}
          onCreated={(target) => {
            setCreating(null);
            choose(target);
          }}
        />
      )}
    </div>
  );
}

/** Ids of the entries of the list that create what was typed. */
const CREATE = "create:";

function toCreate(say: Speech["say"], kind: Creatable, typed: string): Found {
  const label = say(`target.create_named_${kind}`, { name: typed });
  return { id: `${CREATE}${kind}`, text: typed, more: "", label };
}

/** What the reader may create, of the kinds that can be chosen. */
function useCreatable(kinds: readonly SearchedKind[]): readonly Creatable[] {
  const reach = useReach();
  const operations = { user: "addUser", group: "addGroup" } as const;
  return (["user", "group"] as const).filter(
    (kind) => kinds.includes(kind) && reach(operations[kind]) === "all",
  );
}

function useFound(typed: string, kinds: readonly SearchedKind[]): readonly Found[] {
  const { say } = useSpeech();
  const reach = useReach();
  const q = typed.trim();
  const people = (["user", "group"] as const).filter((kind) => kinds.includes(kind));
  const [only] = people;
  const kind = people.length === 1 && only !== undefined ? { kind: only } : {};
  const directory = useRead(
    "listDirectory",
    { query: { limit: FOUND_MAX, ...(q === "" ? {} : { q }), ...kind } },
    { enabled: people.length > 0 },
  );
  const flows = useRead(
    "listFlows",
    { query: { limit: FOUND_MAX, ...(q === "" ? {} : { q }) } },
    { enabled: kinds.includes("flow") && reach("listFlows") === "all" },
  );
  const inside = people.length === 0 ? [] : (directory.data?.value.items ?? []);
  const named = kinds.includes("flow") ? (flows.data?.value.items ?? []) : [];
  return [
    ...(kinds.includes("number") ? outsideNumber(q) : []).map((id) => ({
      id: `number:${id}`,
      text: phone(id),
      more: say("target.number"),
    })),
    ...inside
      .filter((each) => kinds.includes(each.kind))
      .map((each) => ({
        id: `${each.kind}:${each.id}`,
        text: each.name,
        more:
          each.extension === null
            ? say(`kind.${each.kind}`)
            : say(`target.${each.kind}_with_extension`, { extension: each.extension }),
      })),
    ...named.map(({ id, call }) => ({
      id: `flow:${id}`,
      text: id,
      more: say("target.flow", { does: call.sentences[0] ?? "" }),
    })),
  ];
}

/** What was typed, where it may be a phone's number; the server reads it in the office's country. */
function outsideNumber(typed: string): readonly string[] {
  const digits = typed.replaceAll(/[\s()./-]/g, "");
  return /^\+?\d{3,15}$/.test(digits) ? [digits] : [];
}
