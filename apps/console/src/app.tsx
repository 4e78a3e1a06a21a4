import { useStaffSession } from "@storeloop/api";
import { lazyPage as lazy, Loading, QueryView, Skeleton } from "@storeloop/ui";
import { Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { SessionProvider } from "./session.tsx";
import { Shell } from "./shell.tsx";

const SignInPage = lazy(() => import("./pages/sign-in.tsx"));
const HomePage = lazy(() => import("./pages/home.tsx"));
const InboxPage = lazy(() => import("./pages/inbox.tsx"));
const IssuesPage = lazy(() => import("./pages/issues.tsx"));
const IssuePage = lazy(() => import("./pages/issue.tsx"));
const MessagesPage = lazy(() => import("./pages/messages.tsx"));
const MembersPage = lazy(() => import("./pages/members.tsx"));
const MemberPage = lazy(() => import("./pages/member.tsx"));
const OrdersPage = lazy(() => import("./pages/orders.tsx"));
const OrderPage = lazy(() => import("./pages/order.tsx"));
const DecisionsPage = lazy(() => import("./pages/decisions.tsx"));
const ReadingsPage = lazy(() => import("./pages/readings.tsx"));
const VisitsPage = lazy(() => import("./pages/visits.tsx"));
const ReplenishmentPage = lazy(() => import("./pages/replenishment.tsx"));
const ReplenishmentSettingsPage = lazy(() => import("./pages/replenishment-settings.tsx"));
const ProposalPage = lazy(() => import("./pages/proposal.tsx"));
const SourcingPage = lazy(() => import("./pages/sourcing.tsx"));
const SourcingReplayPage = lazy(() => import("./pages/sourcing-replay.tsx"));
const ChannelsPage = lazy(() => import("./pages/channels.tsx"));
const ReturnsPage = lazy(() => import("./pages/returns.tsx"));
const ProductsPage = lazy(() => import("./pages/products.tsx"));
const ProductPage = lazy(() => import("./pages/product.tsx"));
const PriceListsPage = lazy(() => import("./pages/price-lists.tsx"));
const PriceListPage = lazy(() => import("./pages/price-list.tsx"));
const PriceSettingsPage = lazy(() => import("./pages/price-settings.tsx"));
const PromotionsPage = lazy(() => import("./pages/promotions.tsx"));
const PromotionPage = lazy(() => import("./pages/promotion.tsx"));
const StockPage = lazy(() => import("./pages/stock.tsx"));
const CountsPage = lazy(() => import("./pages/counts.tsx"));
const CountPage = lazy(() => import("./pages/count.tsx"));
const TransfersPage = lazy(() => import("./pages/transfers.tsx"));
const TransferPage = lazy(() => import("./pages/transfer.tsx"));
const SuppliesPage = lazy(() => import("./pages/supplies.tsx"));
const SupplyPage = lazy(() => import("./pages/supply.tsx"));
const LedgerPage = lazy(() => import("./pages/ledger.tsx"));
const PlacesPage = lazy(() => import("./pages/places.tsx"));
const GiftCardsPage = lazy(() => import("./pages/gift-cards.tsx"));
const GiftCardPage = lazy(() => import("./pages/gift-card.tsx"));
const PaymentsPage = lazy(() => import("./pages/payments.tsx"));
const PlacePage = lazy(() => import("./pages/place.tsx"));
const StaffPage = lazy(() => import("./pages/staff.tsx"));
const ApiKeysPage = lazy(() => import("./pages/api-keys.tsx"));
const AuditPage = lazy(() => import("./pages/audit.tsx"));
const MePage = lazy(() => import("./pages/me.tsx"));

const loading = (
  <Loading>
    <div className="sl-stack">
      <Skeleton height="2rem" width="16rem" />
      <Skeleton lines={8} height="2.25rem" />
    </div>
  </Loading>
);

export function App() {
  const session = useStaffSession();
  return (
    <QueryView query={session} skeleton={loading}>
      {(data) => (
        <Suspense fallback={loading}>
          {data === null ? (
            <SignInPage />
          ) : (
            <SessionProvider value={data}>
              <Shell>
                <Suspense fallback={loading}>
                  <Pages />
                </Suspense>
              </Shell>
            </SessionProvider>
          )}
        </Suspense>
      )}
    </QueryView>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/">
        <HomePage />
      </Route>
      <Route path="/inbox">
        <InboxPage />
      </Route>
      <Route path="/issues">
        <IssuesPage />
      </Route>
      <Route path="/issues/:id">{({ id }) => <IssuePage id={id} />}</Route>
      <Route path="/messages">
        <MessagesPage />
      </Route>
      <Route path="/members">
        <MembersPage />
      </Route>
      <Route path="/members/:id">{({ id }) => <MemberPage id={id} />}</Route>
      <Route path="/orders">
        <OrdersPage />
      </Route>
      <Route path="/orders/:id">{({ id }) => <OrderPage id={id} />}</Route>
      <Route path="/decisions">
        <DecisionsPage />
      </Route>
      <Route path="/sourcing">
        <SourcingPage />
      </Route>
      <Route path="/sourcing/replays/:id">{({ id }) => <SourcingReplayPage id={id} />}</Route>
      <Route path="/channels">
        <ChannelsPage />
      </Route>
      <Route path="/returns">
        <ReturnsPage />
      </Route>
      <Route path="/gift-cards">
        <GiftCardsPage />
      </Route>
      <Route path="/gift-cards/:id">{({ id }) => <GiftCardPage id={id} />}</Route>
      <Route path="/payments">
        <PaymentsPage />
      </Route>
      <Route path="/products">
        <ProductsPage />
      </Route>
      <Route path="/products/:id">{({ id }) => <ProductPage id={id} />}</Route>
      <Route path="/prices">
        <PriceListsPage />
      </Route>
      <Route path="/prices/:id">{({ id }) => <PriceListPage key={id} id={id} />}</Route>
      <Route path="/price-settings">
        <PriceSettingsPage />
      </Route>
      <Route path="/promotions">
        <PromotionsPage />
      </Route>
      <Route path="/promotions/:id">{({ id }) => <PromotionPage key={id} id={id} />}</Route>
      <Route path="/stock">
        <StockPage />
      </Route>
      <Route path="/visits">
        <VisitsPage />
      </Route>
      <Route path="/readings">
        <ReadingsPage />
      </Route>
      <Route path="/replenishment">
        <ReplenishmentPage />
      </Route>
      <Route path="/replenishment/settings">
        <ReplenishmentSettingsPage />
      </Route>
      <Route path="/replenishment/proposals/:id">{({ id }) => <ProposalPage id={id} />}</Route>
      <Route path="/counts">
        <CountsPage />
      </Route>
      <Route path="/counts/:id">{({ id }) => <CountPage key={id} id={id} />}</Route>
      <Route path="/transfers">
        <TransfersPage />
      </Route>
      <Route path="/transfers/:id">{({ id }) => <TransferPage key={id} id={id} />}</Route>
      <Route path="/supplies">
        <SuppliesPage />
      </Route>
      <Route path="/supplies/:id">{({ id }) => <SupplyPage key={id} id={id} />}</Route>
      <Route path="/ledger">
        <LedgerPage />
      </Route>
      <Route path="/places">
        <PlacesPage />
      </Route>
      <Route path="/places/:id">{({ id }) => <PlacePage id={id} />}</Route>
      <Route path="/staff">
        <StaffPage />
      </Route>
      <Route path="/api-keys">
        <ApiKeysPage />
      </Route>
      <Route path="/audit">
        <AuditPage />
      </Route>
      <Route path="/me">
        <MePage />
      </Route>
      <Route>
        <Redirect to="/" />
      </Route>
    </Switch>
  );
}
