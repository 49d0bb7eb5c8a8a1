/** All phone numbers with what each does; those that lead nowhere come first to the eye, for their callers are turned away. */
import { type ReactNode, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { useReach } from "../../office/me.js";
import { type ItemOf, useList } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Dialog } from "../../parts/dialog.js";
import { DriftMark } from "../../parts/drift.js";
import { Field } from "../../parts/field.js";
import { type Column, List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { Empty } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { AddNumber } from "./add-number.js";
import { NumberTable } from "./number-table.js";
import { CallWords } from "./sentences.js";
import "./routing.css";

type Listed = ItemOf<"listNumbers">;

export function Numbers(): ReactNode {
  const { say, count } = useSpeech();
  const reach = useReach();
  const [query, setQuery] = useSearchParams();
  const q = query.get("q") ?? "";
  const isUnassigned = query.get("show") === "unassigned";
  const of = useList("listNumbers", {
    query: { ...(q === "" ? {} : { q }), ...(isUnassigned ? { assigned: false } : {}) },
  });
  const unassigned = useList("listNumbers", { query: { assigned: false, limit: 100 } });
  const nowhere = unassigned.data?.items.length ?? 0;
  const set = (name: string, value: string) =>
    setQuery(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === "") next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return (
    <Page
      title={say("numbers.title")}
      lead={say("numbers.lead")}
      width="full"
      actions={reach("addNumber") === "all" && <Actions />}
    >
      {nowhere > 0 && !isUnassigned && (
        <div className="notice warn between">
          <span>{count("numbers.nowhere", nowhere)}</span>
          <Link href="/numbers?show=unassigned" className="button small">
            {say("numbers.show_them")}
          </Link>
        </div>
      )}
      <div className="filters">
        <Field
          label={say("numbers.search")}
          value={q}
          onChange={(text) => set("q", text)}
          type="search"
          placeholder={say("numbers.search_example")}
        />
        {isUnassigned && (
          <Button size="small" onPress={() => set("show", "")}>
            {say("numbers.show_all")}
          </Button>
        )}
      </div>
      <List
        label={say("numbers.title")}
        of={of}
        columns={columns(say)}
        keyOf={({ number }) => number}
        hrefOf={({ number }) => `/numbers/${number}`}
        empty={
          q === "" && !isUnassigned ? (
            <Empty title={say("numbers.none")} help={say("numbers.none_help")} />
          ) : (
            <Empty title={say("numbers.not_found")} help={say("numbers.not_found_help")} />
          )
        }
      />
    </Page>
  );
}

function columns(say: ReturnType<typeof useSpeech>["say"]): readonly Column<Listed>[] {
  return [
    {
      id: "number",
      head: say("kind.number"),
      width: "1fr",
      cell: ({ number, label, drifts }) => (
        <>
          <span className="nowrap">{phone(number)}</span>
          {label !== null && <span className="row-more">{label}</span>} {drifts && <DriftMark />}
        </>
      ),
    },
    { id: "does", head: say("numbers.does"), width: "2.4fr", cell: (item) => <Does item={item} /> },
  ];
}

function Does({ item: { assigned, call } }: { readonly item: Listed }): ReactNode {
  const { say } = useSpeech();
  if (!assigned)
    return (
      <span>
        <span className="badge warn">{say("numbers.leads_nowhere")}</span>{" "}
        <span className="muted small">{say("numbers.callers_hear")}</span>
      </span>
    );
  return <CallWords call={call} />;
}

function Actions(): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const [open, setOpen] = useState<"one" | "table" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      {reach("importNumbers") === "all" && (
        <Button onPress={() => setOpen("table")}>{say("numbers.from_table")}</Button>
      )}
      <Button look="primary" onPress={() => setOpen("one")}>
        {say("numbers.add")}
      </Button>
      <Dialog title={say("numbers.add")} isOpen={open === "one"} onClose={close} size="wide">
        <AddNumber onClose={close} />
      </Dialog>
      <Dialog title={say("numbers.from_table")} isOpen={open === "table"} onClose={close} size="wide">
        <NumberTable onClose={close} />
      </Dialog>
    </>
  );
}
