/** For how long calls and the audit are remembered. */
import type { ReactNode } from "react";
import { Field } from "../../parts/field.js";
import { useSpeech } from "../../words/words.js";
import { OfficeForm, type SeenSettings } from "./office-form.js";
import { limitBody } from "./office-outside.js";

const FIELDS = ["keep", "anonymise", "audit"] as const;

export function Keeping({ of: { settings, revision } }: { readonly of: SeenSettings }): ReactNode {
  const { say } = useSpeech();
  const text = (name: (typeof FIELDS)[number]) => String(settings.records?.[name] ?? "");
  return (
    <OfficeForm
      name="keeping"
      title={say("office.keeping")}
      help={say("office.keeping_help")}
      saved={{ keep: text("keep"), anonymise: text("anonymise"), audit: text("audit") }}
      revision={revision}
      fields={FIELDS.map((name) => `/records/${name}`)}
      bodyOf={(changes) => ({
        records: Object.assign({}, ...FIELDS.map((name) => limitBody(name, changes[name]))),
      })}
    >
      {(draft, change) =>
        FIELDS.map((name) => (
          <Field
            key={name}
            label={say(`office.records_${name}`)}
            help={say(`office.records_${name}_help`)}
            inputMode="numeric"
            value={draft.value[name]}
            onChange={(value) => draft.set({ [name]: value })}
            fault={change.faultAt(`/records/${name}`)}
          />
        ))
      }
    </OfficeForm>
  );
}
