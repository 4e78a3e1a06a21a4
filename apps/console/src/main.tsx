import { makeQueryClient, staffSignedOut } from "@storeloop/api";
import { type AnchorProps, LinkProvider, Toaster } from "@storeloop/ui";
import "@storeloop/ui/ui.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Link, Router } from "wouter";
import { App } from "./app.tsx";
import "./console.css";
import { AntdTheme } from "./parts/antd-theme.tsx";

const routerLink = (props: AnchorProps) => <Link {...props} />;

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={makeQueryClient(staffSignedOut)}>
        <Router base="/console">
          <LinkProvider value={routerLink}>
            <AntdTheme>
              <App />
            </AntdTheme>
            <Toaster />
          </LinkProvider>
        </Router>
      </QueryClientProvider>
    </StrictMode>,
  );
}
