import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import { useUiWords } from "./words.ts";

type DialogProps = {
  title: string;
  open: boolean;
  /** Asked for by the cross, by Escape, by a press beside it. */
  onClose: () => void;
  /** `sheet` rises from the bottom edge on phones. */
  kind?: "dialog" | "sheet";
  foot?: ReactNode;
  children: ReactNode;
};

/**
 * A modal on the browser's own `<dialog>`: the rest of the page is inert, focus stays inside and
 * returns to where it was.
 */
export function Dialog({ title, open, onClose, kind = "dialog", foot, children }: DialogProps) {
  const t = useUiWords();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);

  return (
    <dialog
      ref={ref}
      className={`sl-dialog sl-dialog--${kind}`}
      aria-labelledby={id}
      onCancel={(event) => {
        // The file picker inside a dialog sends its own "cancel" up.
        if (event.target !== ref.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      {open && (
        <>
          <div className="sl-dialog__head">
            <h2 className="sl-dialog__title" id={id} tabIndex={-1} autoFocus>
              {title}
            </h2>
            <IconButton icon="close" label={t.close} onClick={onClose} />
          </div>
          <div className="sl-dialog__body">{children}</div>
          {foot && <div className="sl-dialog__foot">{foot}</div>}
        </>
      )}
    </dialog>
  );
}

/** A dialog that is a sheet on phones. */
export function Sheet(props: Omit<DialogProps, "kind">) {
  return <Dialog {...props} kind="sheet" />;
}
