import { type QueryClient, useQuery } from "@tanstack/react-query";
import { staffSessionGet } from "./calls/index.ts";
import { isProblem } from "./problem.ts";
import type { StaffSession } from "./types.ts";

/** Where the signed-in member of staff is kept in the query cache; setting it signs in, `null` out. */
export const STAFF_SESSION_KEY = ["staff-session"] as const;

/** Shows the door again; what was on the screen is as it was after signing in. */
export function staffSignedOut(client: QueryClient): void {
  client.setQueryData(STAFF_SESSION_KEY, null);
}

const FRESH_MS = 5 * 60_000;

/** The signed-in member of staff; `data` is null when nobody is. */
export function useStaffSession() {
  return useQuery({
    queryKey: STAFF_SESSION_KEY,
    staleTime: FRESH_MS,
    queryFn: async (): Promise<StaffSession | null> => {
      try {
        return await staffSessionGet();
      } catch (error) {
        if (isProblem(error) && error.status === 401) return null;
        throw error;
      }
    },
  });
}
