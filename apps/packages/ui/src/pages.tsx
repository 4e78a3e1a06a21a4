import {
  Component,
  type ComponentType,
  lazy,
  type LazyExoticComponent,
  type ReactNode,
} from "react";
import { Button } from "./button.tsx";
import { useOnline, ViewState } from "./feedback.tsx";
import { useUiWords } from "./words.ts";

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

let toCome: (() => Promise<unknown>)[] = [];

/** A page of its own file: fetched when it is opened, or ahead of that by `fetchPagesAhead`. */
export function lazyPage<P>(load: Load<P>): LazyExoticComponent<ComponentType<P>> {
  toCome.push(load);
  return lazy(load);
}

function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(run);
  else setTimeout(run, 200);
}

/**
 * Once the first page stands, fetches the others one by one: the next press needs no network,
 * and an app that goes offline still has all its pages.
 */
export function fetchPagesAhead(): void {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  const next = () => {
    const [load, ...rest] = toCome;
    toCome = rest;
    // What fails now is fetched, and complained about, when somebody opens it.
    if (load)
      void load()
        .then(noop, noop)
        .then(() => whenIdle(next));
  };
  whenIdle(next);
}

function noop(): void {}

type BoundaryProps = {
  /** Where the router is: another page gets another chance. */
  path: string;
  children: ReactNode;
};

/** Around every page: one that breaks or cannot be fetched says so and offers a way on. */
export class PageBoundary extends Component<BoundaryProps, { failedAt: string | null }> {
  override state: { failedAt: string | null } = { failedAt: null };

  static getDerivedStateFromError(): { failedAt: string } {
    return { failedAt: "" };
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: { failedAt: string | null }) {
    if (state.failedAt === null) return null;
    if (state.failedAt === "") return { failedAt: props.path };
    return state.failedAt === props.path ? null : { failedAt: null };
  }

  override render() {
    return this.state.failedAt === null ? this.props.children : <BrokenPage />;
  }
}

function BrokenPage() {
  const t = useUiWords();
  const online = useOnline();
  if (!online) {
    return (
      <ViewState icon="offline" live title={t.noNetwork}>
        {t.noPageOffline}
      </ViewState>
    );
  }
  return (
    <ViewState
      icon="alert"
      live
      title={t.brokenPage}
      action={
        <Button icon="refresh" onClick={() => location.reload()}>
          {t.reload}
        </Button>
      }
    >
      {t.brokenPageText}
    </ViewState>
  );
}
