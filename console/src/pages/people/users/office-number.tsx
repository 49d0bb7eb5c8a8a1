/** One of the office's numbers, as what others see: found by a part of it, or typed by those who do not see the list. */
import { type ReactNode, useState } from "react";
import { useReach } from "../../../office/me.js";
import { useRead } from "../../../office/read.js";
import { phone } from "../../../office/when.js";
import { Search } from "../../../parts/choice.js";
import { Field } from "../../../parts/field.js";

export function OfficeNumber({
  label,
  help,
  value,
  onChange,
  fault,
  isDisabled = false,
}: {
  readonly label: string;
  readonly help: string;
  /** Empty: none. */
  readonly value: string;
  onChange(number: string): void;
  readonly fault: string | undefined;
  readonly isDisabled?: boolean;
}): ReactNode {
  const reach = useReach();
  const [text, setText] = useState("");
  const maySearch = reach("listNumbers") !== undefined && !isDisabled;
  const q = text === phone(value) ? "" : text.trim();
  const found = useRead(
    "listNumbers",
    { query: { limit: 50, ...(q === "" ? {} : { q }) } },
    { enabled: maySearch },
  );
  if (!maySearch)
    return (
      <Field
        label={label}
        help={help}
        value={value}
        onChange={onChange}
        fault={fault}
        isDisabled={isDisabled}
        inputMode="tel"
      />
    );
  const single = (found.data?.value.items ?? []).filter(({ number }) => /^\+\d+$/.test(number));
  const options = single.map(({ number, label: name }) => ({
    id: number,
    text: phone(number),
    ...(name === null ? {} : { more: name }),
  }));
  const isListed = value === "" || options.some(({ id }) => id === value);
  return (
    <Search
      label={label}
      help={help}
      fault={fault}
      options={isListed ? options : [{ id: value, text: phone(value) }, ...options]}
      value={value === "" ? null : value}
      onChange={(id) => onChange(id ?? "")}
      onSearch={setText}
    />
  );
}
