/** The search above a list: it looks while one types, and what it looks for is in the address. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button as AriaButton, Input, Label, SearchField } from "react-aria-components";
import { useSpeech } from "../../words/words.js";

/** Less than a person notices, and fewer requests than keys. */
const WAIT_MS = 150;

export function ListSearch({
  label,
  placeholder,
  value,
  onChange,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  onChange(text: string): void;
}): ReactNode {
  const { say } = useSpeech();
  const [text, setText] = useState(value);
  const put = useRef(onChange);
  put.current = onChange;
  const last = useRef(value);
  useEffect(() => {
    // Somebody went back, or cleared the filters.
    if (value !== last.current) setText(value);
    last.current = value;
  }, [value]);
  useEffect(() => {
    if (text === last.current) return;
    const timer = setTimeout(() => {
      last.current = text;
      put.current(text);
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <SearchField className="field list-search" value={text} onChange={setText}>
      <Label className="visually-hidden">{label}</Label>
      <span className="input combo">
        <Input placeholder={placeholder} />
        {text !== "" && <AriaButton aria-label={say("people.clear")}>×</AriaButton>}
      </span>
    </SearchField>
  );
}
