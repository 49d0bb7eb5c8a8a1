/** One message: play it, save it, delete it, forward it, download it, and say that one calls back. */
import { type ReactNode, useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Link } from "wouter";
import { useChange } from "../../office/change.js";
import { client } from "../../office/client.js";
import { useReach } from "../../office/me.js";
import { phone, useWhen } from "../../office/when.js";
import { Button, buttonClass } from "../../parts/button.js";
import { Confirm } from "../../parts/dialog.js";
import { Facts } from "../../parts/page.js";
import { Player } from "../../parts/player.js";
import { ChangeProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";
import { CallBack } from "./call-back.js";
import { Forward } from "./forward.js";
import { callerOf, type MessageShape, useBoxNames, useMessageStates } from "./message-words.js";
import { Shared } from "./shared-message.js";

export function OpenMessage({
  message,
  backHref,
  onGone,
}: {
  readonly message: MessageShape;
  readonly backHref: string;
  /** It was deleted: what is shown now? */
  onGone(): void;
}): ReactNode {
  const { say } = useSpeech();
  const states = useMessageStates();
  const { id, state } = message;
  return (
    <article className="card stack open-message" aria-labelledby="message-caller">
      <Link href={backHref} className="back open-back">
        <span aria-hidden="true" className="arrow" /> {say("app.back_to", { page: say("nav.messages") })}
      </Link>
      <Head message={message} />
      {message.deleted_at !== null && <p className="notice warn">{say("messages.deleted_for_all")}</p>}
      <Player
        src={client.url("hearMessage", { params: { id } })}
        seconds={message.length_seconds}
        label={say("messages.sound", { caller: callerOf(say, message) })}
        onPlay={() => void states.heard(message)}
      />
      <div className="row">
        {message.from !== "" && (
          <CallBack number={message.from} name={callerOf(say, message)} message={message} />
        )}
        {message.may.change && state !== "deleted" && state !== "saved" && (
          <Button onPress={() => void states.save(message)}>{say("messages.save")}</Button>
        )}
        {message.may.change && state === "saved" && (
          <Button onPress={() => void states.set(message, "heard")}>{say("messages.unsave")}</Button>
        )}
        {message.may.forward && <Forward message={message} />}
        {message.may.change &&
          (state === "deleted" ? (
            <Button onPress={() => void states.set(message, "heard")}>{say("messages.restore")}</Button>
          ) : (
            <Button onPress={() => void states.remove(message).then((isDone) => isDone && onGone())}>
              {say("messages.delete")}
            </Button>
          ))}
        <a
          className={buttonClass({})}
          href={client.url("hearMessage", { params: { id }, query: { download: true } })}
          download
        >
          {say("messages.download")}
        </a>
        <MoreTools message={message} onGone={onGone} />
      </div>
      <Shared message={message} />
      <About message={message} />
    </article>
  );
}

function Head({ message }: { readonly message: MessageShape }): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const { name, from, state, urgent } = message;
  return (
    <header className="stack tight">
      <h2 id="message-caller" className="open-caller">
        {callerOf(say, message)}
        {urgent && <span className="badge bad">{say("messages.urgent")}</span>}
        {state === "new" && <span className="badge accent">{say("messages.state.new")}</span>}
        {state === "saved" && <span className="badge">{say("messages.state.saved")}</span>}
        {state === "deleted" && <span className="badge warn">{say("messages.state.deleted")}</span>}
      </h2>
      <p className="muted">
        {name !== "" && from !== "" && <>{phone(from)} · </>}
        {when.weekdayAndTime(message.delivered_at)}, {when.day(message.delivered_at)}
      </p>
    </header>
  );
}

function About({ message }: { readonly message: MessageShape }): ReactNode {
  const { say } = useSpeech();
  const reach = useReach();
  const boxName = useBoxNames();
  const { call, called, box, forwarded_by: by } = message;
  return (
    <Facts
      of={[
        [say("messages.box"), boxName(box)],
        ...(called === "" ? [] : [[say("messages.called"), phone(called)] as const]),
        ...(by === null ? [] : [[say("messages.forwarded_by"), by] as const]),
        ...(call === null || reach("getCall") === undefined
          ? []
          : ([
              [
                say("messages.call"),
                <Link key="call" href={`/calls/${call}`}>
                  {say("messages.story")}
                </Link>,
              ],
            ] as const)),
      ]}
    />
  );
}

/** What is done seldom. */
function MoreTools({ message, onGone }: { readonly message: MessageShape; onGone(): void }): ReactNode {
  const { say } = useSpeech();
  const states = useMessageStates();
  const remove = useChange("deleteMessage");
  const restore = useChange("restoreMessage");
  const [isAsking, setAsking] = useState(false);
  const { id, may, state, deleted_at: deletedAt } = message;
  const isNewable = may.change && (state === "heard" || state === "saved");
  const isRestorable = may.delete_for_all && deletedAt !== null;
  const isDeletable = may.delete_for_all && deletedAt === null;
  if (!isNewable && !isRestorable && !isDeletable) return null;
  const act = (key: string) => {
    if (key === "new") void states.set(message, "new");
    else if (key === "restore") void restore.run({ params: { id } });
    else setAsking(true);
  };
  return (
    <>
      <MenuTrigger>
        <Button look="quiet">{say("messages.more")}</Button>
        <Popover className="popover">
          <Menu className="options" onAction={(key) => act(String(key))}>
            {isNewable && (
              <MenuItem id="new" className="option">
                {say("messages.as_new")}
              </MenuItem>
            )}
            {isDeletable && (
              <MenuItem id="delete" className="option">
                {say("messages.delete_for_all")}
              </MenuItem>
            )}
            {isRestorable && (
              <MenuItem id="restore" className="option">
                {say("messages.restore_for_all")}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      <Confirm
        title={say("messages.delete_for_all")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        confirm={say("messages.delete_for_all")}
        isBusy={remove.isBusy}
        onConfirm={() => {
          void remove.run({ params: { id }, query: { for_all: true } }).then((done) => {
            if (!done.ok) return;
            setAsking(false);
            onGone();
          });
        }}
      >
        <ChangeProblem problem={remove.problem} />
        <p>{say("messages.delete_for_all_help")}</p>
      </Confirm>
    </>
  );
}
