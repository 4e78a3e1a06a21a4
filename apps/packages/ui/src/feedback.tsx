import { type CSSProperties, type ReactNode, useSyncExternalStore } from "react";
import { useI18n } from "@storeloop/i18n";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { useUiWords } from "./words.ts";

export type Tone = "neutral" | "info" | "success" | "warning" | "danger" | "accent";

const TONE_ICON: Record<Tone, IconName> = {
  neutral: "circle",
  info: "info",
  success: "check",
  warning: "alert",
  danger: "cross",
  accent: "circle",
};

/** A state in an icon and a word; the colour only repeats them. */
export function Tag({
  tone = "neutral",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={`sl-tag sl-tag--${tone}`}>
      <Icon name={icon ?? TONE_ICON[tone]} size={12} />
      {children}
    </span>
  );
}

/** A short word beside a name: a tier, a label. Carries no state, so no icon. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`sl-tag sl-tag--${tone}`}>{children}</span>;
}

type NoticeProps = {
  tone?: Exclude<Tone, "accent">;
  title?: ReactNode;
  live?: boolean;
  children?: ReactNode;
};

/** Something worth knowing in the place where it matters. `live` reads it out when it appears. */
export function Notice({ tone = "info", title, live, children }: NoticeProps) {
  return (
    <div
      className={`sl-notice sl-notice--${tone}`}
      role={live ? (tone === "danger" ? "alert" : "status") : undefined}
    >
      <Icon name={TONE_ICON[tone]} />
      <div className="sl-notice__body">
        {title && <strong>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}

type StateProps = {
  icon: IconName;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  live?: boolean;
};

/** The middle of a view that has nothing else to show. */
export function ViewState({ icon, title, children, action, live }: StateProps) {
  return (
    <div className="sl-state" role={live ? "alert" : undefined}>
      <span className="sl-state__icon">
        <Icon name={icon} size={32} />
      </span>
      <p className="sl-state__title">{title}</p>
      {children && <div className="sl-state__text">{children}</div>}
      {action}
    </div>
  );
}

/** Nothing here yet: says what will be, and offers the next step. */
export function EmptyState({
  icon = "box",
  ...rest
}: Omit<StateProps, "icon" | "live"> & { icon?: IconName }) {
  return <ViewState icon={icon} {...rest} />;
}

/** Something failed: says what, and how to mend it. */
export function ErrorState({
  title,
  children,
  onRetry,
}: {
  title?: ReactNode;
  children?: ReactNode;
  onRetry?: (() => void) | undefined;
}) {
  const t = useUiWords();
  return (
    <ViewState
      icon="alert"
      live
      title={title ?? t.failed}
      action={
        onRetry && (
          <Button icon="refresh" onClick={onRetry}>
            {t.retry}
          </Button>
        )
      }
    >
      {children ?? t.failedText}
    </ViewState>
  );
}

/** A grey bar of the size of what is coming; `lines` of them, the last one shorter. */
export function Skeleton({
  lines = 1,
  height,
  width,
}: {
  lines?: number;
  height?: string;
  width?: string;
}) {
  return Array.from({ length: lines }, (_, index) => {
    const last = lines > 1 && index === lines - 1;
    const style: CSSProperties = {
      height: height ?? "1rem",
      width: last ? "60%" : (width ?? "100%"),
    };
    return <span key={index} className="sl-skeleton" style={style} aria-hidden="true" />;
  });
}

/** Wraps skeletons so that a screen reader hears "loading" once. */
export function Loading({ children }: { children: ReactNode }) {
  const t = useUiWords();
  return (
    <div aria-busy="true">
      <span className="sl-visually-hidden" role="status">
        {t.loading}
      </span>
      {children}
    </div>
  );
}

function subscribeOnline(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** Whether the device believes it has a network. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine);
}

/** One line at the top while the network is away; `since` is the age of what is shown. */
export function OfflineBanner({ since }: { since?: number | string | null }) {
  const t = useUiWords();
  const { time } = useI18n();
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <div className="sl-offline">
          <Icon name="offline" />
          {since ? t.offlineSince(time(since)) : t.offline}
        </div>
      )}
    </div>
  );
}
