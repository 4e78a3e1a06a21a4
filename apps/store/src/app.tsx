import { useStaffSession } from "@storeloop/api";
import {
  BottomTabs,
  lazyPage as lazy,
  Loading,
  Main,
  OfflineBanner,
  QueryView,
  Skeleton,
  SkipLink,
} from "@storeloop/ui";
import { Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { PlaceGate } from "./parts/place-gate.tsx";
import { WorkProvider } from "./session.tsx";
import { useWords } from "./words/index.ts";

const SignInPage = lazy(() => import("./pages/sign-in.tsx"));
const TodayPage = lazy(() => import("./pages/today.tsx"));
const FulfilmentPage = lazy(() => import("./pages/fulfilment.tsx"));
const OrderPage = lazy(() => import("./pages/order.tsx"));
const ReturnPage = lazy(() => import("./pages/return.tsx"));
const ScanPage = lazy(() => import("./pages/scan.tsx"));
const MembersPage = lazy(() => import("./pages/members.tsx"));
const MemberPage = lazy(() => import("./pages/member.tsx"));
const StockPage = lazy(() => import("./pages/stock.tsx"));
const ProductPage = lazy(() => import("./pages/product.tsx"));
const CountsPage = lazy(() => import("./pages/counts.tsx"));
const CountPage = lazy(() => import("./pages/count.tsx"));
const TransfersPage = lazy(() => import("./pages/transfers.tsx"));
const TransferPage = lazy(() => import("./pages/transfer.tsx"));
const MePage = lazy(() => import("./pages/me.tsx"));

const loading = (
  <Loading>
    <div className="store-page">
      <Skeleton height="2rem" width="40%" />
      <Skeleton lines={6} height="3.5rem" />
    </div>
  </Loading>
);

export function App() {
  const session = useStaffSession();
  return (
    <QueryView query={session} skeleton={loading}>
      {(data) =>
        data === null ? (
          <Suspense fallback={loading}>
            <SignInPage />
          </Suspense>
        ) : (
          <WorkProvider session={data}>
            <OfflineBanner />
            <PlaceGate>
              <Pages />
            </PlaceGate>
          </WorkProvider>
        )
      }
    </QueryView>
  );
}

function Pages() {
  const t = useWords();
  const [path] = useLocation();
  return (
    <>
      <SkipLink />
      <Main path={path} brand={t.app} className="store-page">
        <Suspense fallback={loading}>
          <Switch>
            <Route path="/" component={TodayPage} />
            <Route path="/scan" component={ScanPage} />
            <Route path="/members" component={MembersPage} />
            <Route path="/members/:id">{({ id }) => <MemberPage id={id} />}</Route>
            <Route path="/stock" component={StockPage} />
            <Route path="/stock/:id">{({ id }) => <ProductPage id={id} />}</Route>
            <Route path="/orders/:order/fulfilments/:id">
              {({ order, id }) => <FulfilmentPage orderId={order} id={id} />}
            </Route>
            <Route path="/orders/:id">{({ id }) => <OrderPage id={id} />}</Route>
            <Route path="/returns">
              <ReturnPage orderId={null} />
            </Route>
            <Route path="/returns/:id">{({ id }) => <ReturnPage orderId={id} />}</Route>
            <Route path="/counts" component={CountsPage} />
            <Route path="/counts/:id">{({ id }) => <CountPage key={id} id={id} />}</Route>
            <Route path="/transfers" component={TransfersPage} />
            <Route path="/transfers/:id">{({ id }) => <TransferPage key={id} id={id} />}</Route>
            <Route path="/me" component={MePage} />
            <Route>
              <Redirect to="/" />
            </Route>
          </Switch>
        </Suspense>
      </Main>
      <Navigation />
    </>
  );
}

function Navigation() {
  const t = useWords();
  const [path] = useLocation();
  const under = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
  return (
    <BottomTabs
      label={t.tabs.label}
      tabs={[
        {
          href: "/",
          label: t.tabs.today,
          icon: "list",
          current: path === "/" || under("/orders") || under("/returns"),
        },
        { href: "/scan", label: t.tabs.scan, icon: "scan", current: under("/scan") },
        { href: "/members", label: t.tabs.members, icon: "users", current: under("/members") },
        {
          href: "/stock",
          label: t.tabs.stock,
          icon: "box",
          current: under("/stock") || under("/counts") || under("/transfers"),
        },
      ]}
    />
  );
}
