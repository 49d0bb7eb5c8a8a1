/** Keys of the API: what programs ask with for the person who made them. A key's text is shown once. */
import { type ReactNode, useState } from "react";
import { useChange } from "../../office/change.js";
import { useMe, useReach } from "../../office/me.js";
import { type ItemOf, useList } from "../../office/read.js";
import { useWhen } from "../../office/when.js";
import { Button } from "../../parts/button.js";
import { Confirm } from "../../parts/dialog.js";
import { type Column, List } from "../../parts/list.js";
import { Page } from "../../parts/page.js";
import { ChangeProblem, Empty, permissionName } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { MakeKey } from "./make-key.js";

type Key = ItemOf<"listKeys">;

export function Keys(): ReactNode {
  const { say } = useSpeech();
  const { zone } = useWhen();
  const { may } = useMe();
  const reach = useReach();
  const keys = useList("listKeys");
  const [isMaking, setMaking] = useState(false);
  const mayMake = reach("makeKey") !== undefined && may["integrations"] === true;
  return (
    <Page
      title={say("keys.title")}
      lead={`${say("keys.lead")} ${say("app.zone", { zone })}`}
      actions={
        mayMake && (
          <Button look="primary" onPress={() => setMaking(true)}>
            {say("keys.make")}
          </Button>
        )
      }
    >
      <List
        label={say("keys.title")}
        of={keys}
        keyOf={({ id }) => id}
        columns={useColumns(reach("listKeys") === "all")}
        tools={(key) => key.may.end && <EndKey apiKey={key} />}
        empty={<Empty title={say("keys.none")} help={say("keys.none_help")} />}
      />
      <MakeKey isOpen={isMaking} onClose={() => setMaking(false)} />
    </Page>
  );
}

function useColumns(isOfAll: boolean): readonly Column<Key>[] {
  const { say } = useSpeech();
  const when = useWhen();
  const names = (powers: readonly string[]) => powers.map((power) => permissionName(say, power)).join(", ");
  const lacks = ({ powers, works_for: worksFor }: Key) =>
    worksFor.length === powers.length
      ? null
      : worksFor.length === 0
        ? say("keys.works_not")
        : say("keys.works_less", { powers: names(worksFor) });
  const whose: Column<Key> = {
    id: "whose",
    head: say("keys.whose"),
    cell: ({ username }) => username,
    isMinor: true,
  };
  return [
    { id: "name", head: say("keys.name"), cell: ({ name }) => <b>{name}</b>, width: "1.2fr" },
    ...(isOfAll ? [whose] : []),
    {
      id: "powers",
      head: say("keys.powers"),
      width: "2fr",
      cell: (key) => (
        <>
          {names(key.powers)}
          {lacks(key) !== null && <span className="badge warn">{lacks(key)}</span>}
        </>
      ),
    },
    {
      id: "used",
      head: say("keys.last_used"),
      cell: ({ used_at: usedAt, used_from: from }) =>
        usedAt === null
          ? say("keys.never_used")
          : say("keys.used", { time: when.short(usedAt), address: from ?? "" }),
    },
    {
      id: "ends",
      head: say("keys.expires"),
      cell: ({ expires_at: expiresAt }) =>
        expiresAt === null
          ? say("keys.expires_never")
          : say(Date.parse(expiresAt) < Date.now() ? "keys.is_over" : "keys.expires_at", {
              time: when.short(expiresAt),
            }),
    },
  ];
}

function EndKey({ apiKey: { id, name } }: { readonly apiKey: Key }): ReactNode {
  const { say } = useSpeech();
  const end = useChange("endKey");
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="small"
        look="quiet"
        aria-label={say("keys.end_one", { name })}
        onPress={() => setAsking(true)}
      >
        {say("keys.end")}
      </Button>
      <Confirm
        title={say("keys.end_one", { name })}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        confirm={say("keys.end")}
        isBusy={end.isBusy}
        onConfirm={() => {
          void end
            .run({ params: { id } }, { told: say("keys.ended") })
            .then((done) => done.ok && setAsking(false));
        }}
      >
        <ChangeProblem problem={end.problem} />
        <p>{say("keys.end_help")}</p>
      </Confirm>
    </>
  );
}
