import {
  type InfiniteData,
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  type UseMutationResult,
  useQuery,
} from "@tanstack/react-query";
import { useRef } from "react";
import { placeGet } from "./calls/index.ts";
import { newIdempotencyKey } from "./client.ts";
import { isProblem, ProblemError } from "./problem.ts";
import type { Page } from "./types.ts";

/**
 * One query cache per app. The client repeats lost calls itself, so queries do not. `onSignedOut`
 * is told when the server no longer knows who asks: the session ran out, or was ended elsewhere.
 */
export function makeQueryClient(onSignedOut?: (client: QueryClient) => void): QueryClient {
  const onError = (error: Error) => {
    if (isProblem(error, "access.unauthenticated")) onSignedOut?.(client);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: false, staleTime: 15_000, refetchOnWindowFocus: true },
      // An app that is offline shows what it has and says so; it does not hang.
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}

/** A place; what it is changes rarely. */
export function usePlace(id: string | null) {
  return useQuery({
    queryKey: ["place", id],
    queryFn: () => placeGet(id ?? ""),
    staleTime: 10 * 60_000,
    enabled: id !== null,
  });
}

/** A list that grows by cursors: `useInfiniteQuery(pages(["orders"], (cursor) => orderList({cursor})))`. */
export function pages<P extends Page<unknown>>(
  key: readonly unknown[],
  load: (cursor?: string) => Promise<P>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
}

/** All items of the pages loaded so far. */
export function itemsOf<T>(data: InfiniteData<Page<T>, unknown> | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/**
 * A mutation that keeps its idempotency key while the outcome is unknown: pressing "Pay" again
 * after a lost answer repeats the same intent, and a new press after an answer is a new one.
 *
 *     const pay = useAction((id: string, intent) => paymentSandbox(id, "approve", intent));
 */
export function useAction<I, O>(
  run: (input: I, intent: { key: string }) => Promise<O>,
  options: {
    onSuccess?: (output: O, input: I) => unknown;
    onError?: (error: Error) => unknown;
  } = {},
): UseMutationResult<O, Error, I> {
  const open = useRef<{ input: string; key: string } | null>(null);
  return useMutation<O, Error, I>({
    mutationFn: async (input) => {
      const print = JSON.stringify(input) ?? "";
      if (open.current?.input !== print) open.current = { input: print, key: newIdempotencyKey() };
      try {
        const output = await run(input, { key: open.current.key });
        open.current = null;
        return output;
      } catch (error) {
        if (!(error instanceof ProblemError && isUnknown(error))) open.current = null;
        throw error;
      }
    },
    // A promise returned here keeps the action busy until the screen is true again.
    onSuccess: (output, input) => options.onSuccess?.(output, input),
    onError: (error) => options.onError?.(error),
  });
}

/** Whether the server may have done the work although no good answer came. */
function isUnknown(error: ProblemError): boolean {
  return error.status === 0 || error.status >= 500;
}
