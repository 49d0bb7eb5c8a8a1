/** A person or a group, found by a part of the name; for filters, where nobody chosen means everybody. */
import { type ReactNode, useState } from "react";
import { useRead } from "../../office/read.js";
import { Search } from "../../parts/choice.js";
import { useSpeech } from "../../words/words.js";

export function PersonChoice({
  label,
  value,
  onChange,
  kinds = ["user", "group"],
}: {
  readonly label: string;
  /** A target: `user:alice.wong`, `group:sales`. */
  readonly value: string | null;
  onChange(target: string | null): void;
  readonly kinds?: readonly ("user" | "group")[];
}): ReactNode {
  const { say } = useSpeech();
  const [text, setText] = useState("");
  const [only] = kinds.length === 1 ? kinds : [];
  const kind = only === undefined ? {} : { kind: only };
  const found = useRead("listDirectory", { query: { q: text.trim(), limit: 30, ...kind } });
  const [, id = ""] = /^\w+:(.*)$/.exec(value ?? "") ?? [];
  const chosen = useRead("listDirectory", { query: { q: id, limit: 30, ...kind } }, { enabled: id !== "" });
  const option = (each: { kind: "user" | "group"; id: string; name: string; extension: string | null }) => ({
    id: `${each.kind}:${each.id}`,
    text: each.name,
    more:
      each.extension === null ? say(`kind.${each.kind}`) : `${say(`kind.${each.kind}`)} · ${each.extension}`,
  });
  const all = (found.data?.value.items ?? []).map(option);
  const known = chosen.data?.value.items.find((each) => `${each.kind}:${each.id}` === value);
  const mine = value === null ? [] : [known === undefined ? { id: value, text: id } : option(known)];
  const isTyped = text.trim() !== "" && text !== mine[0]?.text;
  const options = isTyped ? all : [...mine, ...all.filter((each) => each.id !== value)];
  if (value !== null && known === undefined && chosen.isPending) return null;
  return (
    <Search
      // The field's text is the name, which is known only now.
      key={value ?? ""}
      label={label}
      options={options.some((each) => each.id === value) || value === null ? options : [...mine, ...options]}
      value={value}
      onChange={onChange}
      onSearch={setText}
      placeholder={say("calls.anybody")}
    />
  );
}
