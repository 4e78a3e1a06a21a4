import { actAs, makeQueryClient } from "@storeloop/api";
import { type AnchorProps, LinkProvider, Toaster } from "@storeloop/ui";
import "@storeloop/ui/ui.css";
import "./shop.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Link, Router } from "wouter";
import { App } from "./app.tsx";
import { rememberWechatPayer } from "./state/methods.ts";

actAs("member");
rememberWechatPayer(window.location.search);

const routerLink = (props: AnchorProps) => <Link {...props} />;

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeQueryClient()}>
        <Router base="/shop">
          <LinkProvider value={routerLink}>
            <App />
            <Toaster />
          </LinkProvider>
        </Router>
      </QueryClientProvider>
    </StrictMode>,
  );
}
