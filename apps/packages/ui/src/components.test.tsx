import { localProblem, NO_ANSWER, ProblemError } from "@storeloop/api";
import { setLocale } from "@storeloop/i18n";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Button } from "./button.tsx";
import { DateTime, Money, Picture, Ring, Timeline, Why } from "./content.tsx";
import { RadioGroup, Stepper, TextInput } from "./field.tsx";
import { QueryView } from "./query-view.tsx";
import { OrderStateTag } from "./states.tsx";
import { toast, Toaster } from "./toast.tsx";

beforeEach(() => setLocale("en"));
afterEach(cleanup);

describe("Button", () => {
  test("a busy one keeps its place and ignores presses", () => {
    const press = vi.fn();
    const { rerender } = render(<Button onClick={press}>Pay</Button>);
    fireEvent.click(screen.getByRole("button", { name: "Pay" }));
    rerender(
      <Button onClick={press} busy>
        Pay
      </Button>,
    );
    const button = screen.getByRole("button", { name: "Pay" });
    fireEvent.click(button);
    expect(press).toHaveBeenCalledTimes(1);
    expect(button.getAttribute("aria-busy")).toBe("true");
    // A disabled button would lose the focus of whoever pressed it.
    expect(button.hasAttribute("disabled")).toBe(false);
  });

  test("with an address it is a link", () => {
    render(<Button href="/cart">Bag</Button>);
    expect(screen.getByRole("link", { name: "Bag" }).getAttribute("href")).toBe("/cart");
  });
});

describe("fields", () => {
  test("hint and error belong to the control", () => {
    render(
      <TextInput label="Phone" hint="Digits" error="Too short" value="1" onChange={vi.fn()} />,
    );
    const input = screen.getByLabelText("Phone");
    const described = input.getAttribute("aria-describedby")?.split(" ") ?? [];
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
      "Digits",
      "Too short",
    ]);
    expect(input.getAttribute("aria-invalid")).toBe("true");
  });

  test("a choice has a name and tells what was chosen", () => {
    const choose = vi.fn();
    render(
      <RadioGroup
        label="How"
        value={null}
        onChange={choose}
        options={[
          { value: "collect", label: "Collect" },
          { value: "delivery", label: "Delivery", disabled: true },
        ]}
      />,
    );
    expect(screen.getByRole("group", { name: "How" })).toBeTruthy();
    fireEvent.click(screen.getByLabelText("Collect"));
    expect(choose).toHaveBeenCalledWith("collect");
    expect(screen.getByLabelText("Delivery").hasAttribute("disabled")).toBe(true);
  });

  test("a stepper stays in its limits, and the last piece is removed by a bin", () => {
    const change = vi.fn();
    const { rerender } = render(<Stepper label="Pieces" value={3} max={3} onChange={change} />);
    expect(screen.getByRole("button", { name: "More" }).hasAttribute("disabled")).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Fewer" }));
    expect(change).toHaveBeenCalledWith(2);
    rerender(<Stepper label="Pieces" value={1} min={0} onChange={change} />);
    fireEvent.click(screen.getByRole("button", { name: "Remove" }));
    expect(change).toHaveBeenLastCalledWith(0);
  });
});

describe("QueryView", () => {
  const idle = { data: undefined, error: null, isPending: true, refetch: vi.fn() };
  const show = (query: Parameters<typeof QueryView<string[]>>[0]["query"]) =>
    render(
      <QueryView
        query={query}
        empty={(data) => (data.length === 0 ? <p>Nothing yet</p> : null)}
        signIn={<a href="/sign-in">Sign in</a>}
      >
        {(data) => <p>{data.join()}</p>}
      </QueryView>,
    );
  const refused = (status: number, title = "") =>
    new ProblemError({
      type: "about:blank",
      title,
      status,
      code: "x.y",
      detail: "",
      facts: {},
      request_id: "req_1",
    });

  test("loading is said once", () => {
    show(idle);
    expect(screen.getByRole("status").textContent).toBe("Loading");
  });

  test("empty and full", () => {
    const { unmount } = show({ ...idle, data: [] });
    expect(screen.getByText("Nothing yet")).toBeTruthy();
    unmount();
    show({ ...idle, data: ["a", "b"] });
    expect(screen.getByText("a,b")).toBeTruthy();
  });

  test("a failure says what happened, gives its reference, and can be tried again", () => {
    const refetch = vi.fn();
    show({ ...idle, error: refused(500, "The till drawer is open"), refetch });
    expect(screen.getByText("The till drawer is open")).toBeTruthy();
    expect(screen.getByText("Reference req_1")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalledOnce();
  });

  test("no answer is no fault of the server", () => {
    show({ ...idle, error: localProblem(NO_ANSWER) });
    expect(screen.getByText("No connection")).toBeTruthy();
  });

  test("forbidden says whom to ask; not signed in offers to", () => {
    const { unmount } = show({ ...idle, error: refused(403) });
    expect(screen.getByText(/Ask the store manager/)).toBeTruthy();
    unmount();
    show({ ...idle, error: refused(401) });
    expect(screen.getByRole("link", { name: "Sign in" })).toBeTruthy();
  });

  test("what was there stays there when a refresh fails", () => {
    show({ ...idle, data: ["kept"], error: refused(500, "Not now") });
    expect(screen.getByText("kept")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("Not now");
  });
});

test("a toast undoes and goes away", () => {
  const undo = vi.fn();
  render(<Toaster />);
  fireEvent.click(document.body);
  toast("Removed", { onUndo: undo });
  return screen.findByRole("button", { name: "Undo" }).then((button) => {
    fireEvent.click(button);
    expect(undo).toHaveBeenCalledOnce();
    expect(screen.queryByText("Removed")).toBeNull();
  });
});

test("a state is a word beside its colour, in the language of the page", () => {
  setLocale("zh");
  render(<OrderStateTag state="ready" />);
  expect(screen.getByText("可取货")).toBeTruthy();
});

test("time has its exact value at hand", () => {
  render(<DateTime value="2026-11-23T04:00:00Z" zone="Asia/Shanghai" />);
  const time = document.querySelector("time");
  expect(time?.getAttribute("datetime")).toBe("2026-11-23T04:00:00.000Z");
  expect(time?.title).toMatch(/12:00/);
});

test("money, ring, picture and why can be read without seeing them", () => {
  render(
    <>
      <Money value={{ amount_minor: 19_900, currency: "CNY" }} />
      <Ring value={0.5} label="Step 2 of 4" />
      <Picture media={null} name="Serum" />
      <Why>
        <p>Nearest store with everything</p>
      </Why>
    </>,
  );
  expect(screen.getByText("¥199.00")).toBeTruthy();
  expect(screen.getByRole("img", { name: "Step 2 of 4" })).toBeTruthy();
  expect(screen.getByText("S").getAttribute("aria-hidden")).toBe("true");
  expect(screen.getByText("Nearest store with everything")).toBeTruthy();
});

describe("Timeline", () => {
  const moment = (at: string, zh: string, actor: string | null) => ({
    at,
    kind: "paid",
    text: { zh, en: zh },
    actor,
    facts: {},
  });
  const early = moment("2026-11-23T08:00:00Z", "placed", "stf_01m83t2m59exyvwae08m2zr1ce");
  const late = moment("2026-11-23T09:00:00Z", "collected", "system:demo");

  test.each([
    ["oldest first", [early, late]],
    ["newest first", [late, early]],
  ])("marks the latest moment, %s", (_, items) => {
    const { container } = render(<Timeline items={items} />);
    expect(container.querySelector(".sl-timeline__latest")?.textContent).toContain("collected");
  });

  test("says who did it by name, and never by an id", () => {
    const { rerender, container } = render(<Timeline items={[early, late]} />);
    expect(container.textContent).not.toContain("stf_");
    expect(container.textContent).toContain("System");
    rerender(<Timeline items={[early]} nameOf={() => "叶晨"} />);
    expect(container.textContent).toContain("叶晨");
  });
});
