/** Forwarding a message into the mailboxes of people and groups. */

import { type ReactNode, useState } from "react";
import { useTell } from "../../frame/toasts.js";
import { useChange } from "../../office/change.js";
import { freshKey } from "../../office/key.js";
import { useRead } from "../../office/read.js";
import { Button } from "../../parts/button.js";
import { type Option, Search } from "../../parts/choice.js";
import { Dialog } from "../../parts/dialog.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import type { MessageShape } from "./message-words.js";

export function Forward({ message }: { readonly message: MessageShape }): ReactNode {
  const { say } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onPress={() => setOpen(true)}>{say("messages.forward")}</Button>
      <Dialog title={say("messages.forward")} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ForwardForm message={message} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ForwardForm({ message, onDone }: { readonly message: MessageShape; onDone(): void }): ReactNode {
  const { say } = useSpeech();
  const tell = useTell();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<readonly Option[]>([]);
  const [key] = useState(freshKey);
  const forward = useChange("forwardMessage");
  const found = useRead("listDirectory", { query: { q: text, limit: 20 } });
  const options = (found.data?.value.items ?? [])
    .map(({ kind, id, name, extension }) => ({
      id: `${kind}:${id}`,
      text: name,
      more: [say(`kind.${kind}`), ...(extension === null ? [] : [extension])].join(" · "),
    }))
    .filter(({ id }) => id !== message.box && !chosen.some((each) => each.id === id));
  const send = async () => {
    const body = { to: chosen.map(({ id }) => id) };
    const done = await forward.run({ params: { id: message.id }, body, idempotencyKey: key }, { told: null });
    if (!done.ok) return;
    const names = (boxes: readonly string[]) =>
      chosen
        .filter(({ id }) => boxes.includes(id))
        .map((each) => each.text)
        .join(", ");
    const { forwarded, refused } = done.value;
    if (forwarded.length > 0) tell({ text: say("messages.told.forwarded", { names: names(forwarded) }) });
    for (const { to, why } of refused)
      tell({ text: say("messages.told.not_forwarded", { name: names([to]), why }), look: "bad" });
    onDone();
  };
  return (
    <div className="stack">
      <ChangeProblem problem={forward.problem} />
      <Search
        key={chosen.length}
        label={say("messages.forward_to")}
        placeholder={say("messages.forward_find")}
        options={options}
        value={null}
        onSearch={setText}
        onChange={(id) => {
          const option = options.find((each) => each.id === id);
          if (option !== undefined) setChosen([...chosen, option]);
        }}
      />
      {chosen.length > 0 && (
        <ul className="chosen" aria-label={say("messages.forward_to")}>
          {chosen.map((each) => (
            <li key={each.id} className="badge accent">
              {each.text}
              <button
                type="button"
                aria-label={say("messages.forward_without", { name: each.text })}
                onClick={() => setChosen(chosen.filter(({ id }) => id !== each.id))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="row end">
        <Button onPress={onDone}>{say("app.cancel")}</Button>
        <Button
          look="primary"
          isDisabled={chosen.length === 0}
          isPending={forward.isBusy}
          onPress={() => void send()}
        >
          {say("messages.forward")}
        </Button>
      </div>
    </div>
  );
}
