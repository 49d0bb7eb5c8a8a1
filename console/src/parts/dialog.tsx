/** A dialog over the page: it holds the focus, Escape closes it, and the focus goes back to where it was. */
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";

export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  size = "usual",
  isHeld = false,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  readonly children: ReactNode;
  readonly size?: "usual" | "wide";
  /** It stays until what it asks for is done. */
  readonly isHeld?: boolean;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={!isHeld}
      isKeyboardDismissDisabled={isHeld}
    >
      <Modal className={`modal ${size}`}>
        <AriaDialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            {!isHeld && (
              <Button look="quiet" size="small" aria-label={say("app.close")} onPress={onClose}>
                ×
              </Button>
            )}
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something is done that cannot be undone; says what will be lost. */
export function Confirm({
  title,
  isOpen,
  onClose,
  onConfirm,
  confirm,
  isBusy = false,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  onConfirm(): void;
  /** The word on the button: what it does. */
  readonly confirm: string;
  readonly isBusy?: boolean;
  readonly children?: ReactNode;
}): ReactNode {
  const { say } = useSpeech();
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      {children}
      <div className="row end">
        <Button onPress={onClose}>{say("app.cancel")}</Button>
        <Button look="danger" isPending={isBusy} onPress={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}
