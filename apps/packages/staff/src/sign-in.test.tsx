import { makeQueryClient, STAFF_SESSION_KEY } from "@storeloop/api";
import { setLocale } from "@storeloop/i18n";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SignIn } from "./sign-in.tsx";

beforeEach(() => setLocale("en"));
afterEach(cleanup);

test("whoever has an authenticator is asked for its code, and comes in with it", async () => {
  const sent: unknown[] = [];
  vi.stubGlobal("fetch", (_: string, init: RequestInit) => {
    const body = JSON.parse(init.body as string) as { totp?: string };
    sent.push(body);
    const answer = body.totp
      ? new Response(JSON.stringify({ staff: { name: "Ye Chen" } }))
      : new Response(JSON.stringify({ code: "access.totp_required" }), { status: 401 });
    return Promise.resolve(answer);
  });
  const queries = makeQueryClient();
  render(
    <QueryClientProvider client={queries}>
      <SignIn title="Sign in" />
    </QueryClientProvider>,
  );
  const submit = () => fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  const type = (label: string, value: string) =>
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
  expect(screen.queryByLabelText("Authenticator code")).toBeNull();
  type("Sign-in name", " ye.chen ");
  type("Password", "cloud jade");
  submit();
  expect(await screen.findByLabelText("Authenticator code")).toBe(document.activeElement);
  type("Authenticator code", "123456");
  submit();
  await vi.waitFor(() => expect(queries.getQueryData(STAFF_SESSION_KEY)).toBeTruthy());
  expect(sent).toEqual([
    { login: "ye.chen", password: "cloud jade" },
    { login: "ye.chen", password: "cloud jade", totp: "123456" },
  ]);
});
