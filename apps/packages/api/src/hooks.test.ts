import { expect, test, vi } from "vitest";
import { makeQueryClient } from "./hooks.ts";
import { localProblem } from "./problem.ts";

test.each([
  ["access.unauthenticated", 401, 1],
  ["access.bad_credentials", 401, 0],
  ["access.forbidden", 403, 0],
])("%s (%i) ends the visit %i times", async (code, status, times) => {
  const signedOut = vi.fn();
  const client = makeQueryClient(signedOut);
  const refused = {
    queryKey: ["orders"],
    queryFn: () => Promise.reject(localProblem(code, status)),
  };
  await expect(client.fetchQuery(refused)).rejects.toThrow(code);
  expect(signedOut).toHaveBeenCalledTimes(times);
});
