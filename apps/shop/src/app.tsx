import { type ComponentType, Suspense } from "react";
import { lazyPage as lazy, Loading, Skeleton } from "@storeloop/ui";
import { Route, Switch } from "wouter";
import HomePage from "./pages/home.tsx";
import { Shell } from "./shell.tsx";

/** The start is in the first script; every other page comes when it is asked for, or ahead of that. */
const PAGES: [path: string, page: ComponentType][] = [
  ["/", HomePage],
  ["/products", lazy(() => import("./pages/products.tsx"))],
  ["/p/:id", lazy(() => import("./pages/product.tsx"))],
  ["/cart", lazy(() => import("./pages/cart.tsx"))],
  ["/checkout", lazy(() => import("./pages/checkout.tsx"))],
  ["/pay/:id", lazy(() => import("./pages/pay.tsx"))],
  ["/o/:id", lazy(() => import("./pages/order.tsx"))],
  ["/o/:id/change", lazy(() => import("./pages/order-change.tsx"))],
  ["/s/:token", lazy(() => import("./pages/survey.tsx"))],
  ["/sign-in", lazy(() => import("./pages/sign-in.tsx"))],
  ["/voice", lazy(() => import("./pages/voice.tsx"))],
  ["/me", lazy(() => import("./pages/me.tsx"))],
  ["/me/orders", lazy(() => import("./pages/my-orders.tsx"))],
  ["/me/code", lazy(() => import("./pages/my-code.tsx"))],
  ["/me/timeline", lazy(() => import("./pages/my-timeline.tsx"))],
  ["/me/points", lazy(() => import("./pages/my-points.tsx"))],
  ["/me/messages", lazy(() => import("./pages/my-messages.tsx"))],
  ["/me/profile", lazy(() => import("./pages/my-profile.tsx"))],
  ["/gift-card", lazy(() => import("./pages/gift-card.tsx"))],
  ["/privacy", lazy(() => import("./pages/privacy.tsx"))],
];

const NotFoundPage = lazy(() => import("./pages/not-found.tsx"));

export function App() {
  return (
    <Shell>
      <Suspense
        fallback={
          <Loading>
            <Skeleton lines={5} />
          </Loading>
        }
      >
        <Switch>
          {PAGES.map(([path, Page]) => (
            <Route key={path} path={path} component={Page} />
          ))}
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}
