import type { ReactNode } from "react";
import { NO_ANSWER, ProblemError } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button } from "./button.tsx";
import { ErrorState, Loading, Notice, Skeleton, useOnline, ViewState } from "./feedback.tsx";
import { useUiWords } from "./words.ts";

/** The words of a failure: the server's own where it has any, ours where no answer came. */
export function useProblemText(): (error: unknown) => { title: string; detail: string } {
  const t = useUiWords();
  const { duration } = useI18n();
  return (error) => {
    if (!(error instanceof ProblemError)) return { title: t.failed, detail: t.failedText };
    const { title, detail } = error.problem;
    if (error.code === NO_ANSWER) return { title: t.noNetwork, detail: t.noNetworkText };
    if (error.status === 429 && error.retryAfter !== null) {
      const wait = duration(Math.ceil(error.retryAfter / 60));
      return { title: title || t.throttled, detail: detail || t.throttledText(wait) };
    }
    const ours: Record<number, { title: string; detail: string }> = {
      401: { title: t.signIn, detail: t.signInText },
      403: { title: t.forbidden, detail: t.forbiddenText },
      404: { title: t.notFound, detail: t.notFoundText },
    };
    const fallback = ours[error.status] ?? { title: t.failed, detail: t.failedText };
    return { title: title || fallback.title, detail: detail || fallback.detail };
  };
}

/** A failed action, beside the button that asked for it. Draws nothing without an error. */
export function ProblemNotice({ error }: { error: unknown }) {
  const problemText = useProblemText();
  if (!error) return null;
  const { title, detail } = problemText(error);
  return (
    <Notice tone="danger" live title={title}>
      {detail}
    </Notice>
  );
}

type Query<T> = {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
};

type QueryViewProps<T> = {
  query: Query<T>;
  /** The shape of what is coming. */
  skeleton?: ReactNode;
  /** What to show instead when there is nothing: return null to go on to `children`. */
  empty?: (data: T) => ReactNode;
  /** What to offer those who are not signed in. */
  signIn?: ReactNode;
  children: (data: T) => ReactNode;
};

/**
 * The five states of a view in one place: loading, failed, forbidden, offline with what we have,
 * empty, and the view itself. Data that was there stays there when a refresh fails.
 */
export function QueryView<T>({ query, skeleton, empty, signIn, children }: QueryViewProps<T>) {
  const online = useOnline();
  if (query.data !== undefined) {
    return (
      <>
        {Boolean(query.error) && online && <ProblemNotice error={query.error} />}
        {empty?.(query.data) ?? children(query.data)}
      </>
    );
  }
  if (query.error) return <ProblemState error={query.error} query={query} signIn={signIn} />;
  // Offline and nothing known: the query waits for the network, the person should not.
  if (!online) return <OfflineState query={query} />;
  return <Loading>{skeleton ?? <Skeleton lines={4} />}</Loading>;
}

function OfflineState({ query }: { query: { refetch: () => unknown } }) {
  const t = useUiWords();
  return (
    <ViewState
      icon="offline"
      title={t.noNetwork}
      action={<Button onClick={() => query.refetch()}>{t.retry}</Button>}
    >
      {t.noNetworkText}
    </ViewState>
  );
}

type ProblemStateProps = {
  error: unknown;
  query: { refetch: () => unknown };
  signIn?: ReactNode;
};

function ProblemState({ error, query, signIn }: ProblemStateProps) {
  const t = useUiWords();
  const { title, detail } = useProblemText()(error);
  const status = error instanceof ProblemError ? error.status : -1;
  if (status === 401) {
    return (
      <ViewState icon="lock" title={title} action={signIn}>
        {detail}
      </ViewState>
    );
  }
  const home = (
    <Button icon="home" href="/">
      {t.home}
    </Button>
  );
  if (status === 403) {
    return (
      <ViewState icon="lock" title={title} action={home}>
        {detail}
      </ViewState>
    );
  }
  if (status === 404) {
    // The server names what it looked for; people are told what that can mean.
    return (
      <ViewState icon="search" title={t.notFound} action={home}>
        {t.notFoundText}
      </ViewState>
    );
  }
  const reference = error instanceof ProblemError ? error.problem.request_id : "";
  return (
    <ErrorState title={title} onRetry={() => query.refetch()}>
      <p>{detail}</p>
      {reference && <p className="sl-caption">{t.reference(reference)}</p>}
    </ErrorState>
  );
}

type MoreProps = {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
};

/** The button under a list that goes on. */
export function ShowMore({ query }: MoreProps) {
  const t = useUiWords();
  if (!query.hasNextPage) return null;
  return (
    <Button block busy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
      {t.showMore}
    </Button>
  );
}
