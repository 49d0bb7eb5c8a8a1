/** A time zone by its name, of all that the browser knows; or the office's. */
import { type ReactNode, useMemo } from "react";
import { useMe } from "../../office/me.js";
import { Search } from "../../parts/choice.js";
import { useSpeech } from "../../words/words.js";

export function ZoneChoice({
  value,
  onChange,
  fault,
  isDisabled = false,
}: {
  readonly value: string;
  onChange(timezone: string): void;
  readonly fault?: string | undefined;
  readonly isDisabled?: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const { timezone } = useMe().office;
  const options = useMemo(() => {
    const zones = new Set([...Intl.supportedValuesOf("timeZone"), ...(value === "" ? [] : [value])]);
    return [...zones].map((zone) => ({ id: zone, text: zone.replaceAll("_", " ") }));
  }, [value]);
  const offices = { id: "office", text: say("schedules.zone_office", { zone: timezone }) };
  return (
    <Search
      label={say("schedules.zone")}
      options={[offices, ...options]}
      value={value === "" ? "office" : value}
      onChange={(id) => onChange(id === null || id === "office" ? "" : id)}
      fault={fault}
      isDisabled={isDisabled}
    />
  );
}
