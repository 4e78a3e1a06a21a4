import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { clearNearby, setNearby, useNearby } from "./nearby.ts";

afterEach(() => {
  cleanup();
  clearNearby();
});

test("a place is kept to about a hundred metres, on this device, until it is forgotten", () => {
  const { result } = renderHook(() => useNearby());
  expect(result.current.near).toBeUndefined();
  act(() => setNearby(30.259_244_9, 120.130_742_1, null));
  expect(result.current.near).toBe("30.259,120.131");
  expect(localStorage.getItem("storeloop.nearby")).not.toContain("30.2592");
  act(() => clearNearby());
  expect(result.current.place).toBeNull();
  expect(localStorage.getItem("storeloop.nearby")).toBeNull();
});

test("what lies in storage is not trusted blindly", () => {
  const { result } = renderHook(() => useNearby());
  for (const raw of ["{", '"there"', "null", '{"lat":"30","lon":120}']) {
    localStorage.setItem("storeloop.nearby", raw);
    act(() => void dispatchEvent(new StorageEvent("storage", { key: "storeloop.nearby" })));
    expect(result.current.near).toBeUndefined();
  }
});
