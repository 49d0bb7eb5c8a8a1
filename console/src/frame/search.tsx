/** One search for all that the person may see: people, groups, numbers, flows and the rest. `/` leads to it. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { useLocation } from "wouter";
import { pathOf } from "../office/paths.js";
import { useRead } from "../office/read.js";
import { useSpeech } from "../words/words.js";

export function SearchEverything(): ReactNode {
  const { say } = useSpeech();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const found = useRead("search", { query: { q: text.trim() } }, { enabled: text.trim().length > 0 });
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement &&
        event.target.matches("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", open);
    return () => document.removeEventListener("keydown", open);
  }, []);
  const items =
    text.trim() === ""
      ? []
      : (found.data?.value.items ?? []).map((item) => ({ ...item, key: `${item.kind}:${item.id}` }));
  return (
    <ComboBox
      className="search"
      items={items}
      inputValue={text}
      onInputChange={setText}
      value={null}
      onChange={(key) => {
        const item = items.find((each) => each.key === key);
        if (item === undefined) return;
        setText("");
        go(pathOf(item.kind, item.id) ?? "/");
      }}
      allowsEmptyCollection={text.trim() !== ""}
    >
      <Label className="visually-hidden">{say("app.search_all")}</Label>
      <Input ref={input} className="input" placeholder={say("app.search_all")} />
      <Popover className="popover">
        <ListBox
          className="options"
          renderEmptyState={() => <p className="help">{say("app.nothing_found")}</p>}
        >
          {(item: (typeof items)[number]) => (
            <ListBoxItem id={item.key} textValue={item.title} className="option">
              <Text slot="label">{item.title}</Text>
              <Text slot="description" className="help">
                {say(`kind.${item.kind}`)}
                {item.detail === "" ? "" : ` · ${item.detail}`}
              </Text>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
