import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./icons.tsx";
import { A } from "./link.tsx";

type Look = {
  kind?: "primary" | "secondary" | "quiet" | "danger";
  size?: "small" | "normal" | "till";
  block?: boolean;
  icon?: IconName;
  children: ReactNode;
};

type AsButton = Look & ButtonHTMLAttributes<HTMLButtonElement> & { busy?: boolean; href?: never };
type AsLink = Look & { href: string; onClick?: () => void; className?: string; busy?: never };

/**
 * A thing to press. With `href` it is a link that looks like one. A busy button keeps its size
 * and its focus and ignores presses.
 */
export function Button(props: AsButton | AsLink) {
  const { kind = "secondary", size = "normal", block, icon, children, className, ...rest } = props;
  const classes = [
    "sl-button",
    `sl-button--${kind}`,
    size !== "normal" && `sl-button--${size}`,
    block && "sl-button--block",
    className,
  ]
    .filter(Boolean)
    .join(" ");
  if (rest.href !== undefined) {
    return (
      <A className={classes} href={rest.href} onClick={rest.onClick}>
        {icon && <Icon name={icon} />}
        {children}
      </A>
    );
  }
  const { busy, onClick, type = "button", ...button } = rest;
  return (
    <button
      {...button}
      type={type}
      className={classes}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span className="sl-spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = { icon: IconName; label: string; count?: number | undefined } & (
  | ({ href: string } & { onClick?: () => void })
  | (Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & { href?: undefined })
);

/** A square target of 44 px with an icon; `label` is its name, `count` a number on its corner. */
export function IconButton({ icon, label, count, ...rest }: IconButtonProps) {
  const inside = (
    <>
      <Icon name={icon} />
      {count ? (
        <span className="sl-icon-button__count" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </span>
      ) : null}
    </>
  );
  const name = count ? `${label} (${count})` : label;
  if (rest.href !== undefined) {
    return (
      <A
        className="sl-icon-button"
        href={rest.href}
        aria-label={name}
        title={label}
        onClick={rest.onClick}
      >
        {inside}
      </A>
    );
  }
  return (
    <button type="button" {...rest} className="sl-icon-button" aria-label={name} title={label}>
      {inside}
    </button>
  );
}
