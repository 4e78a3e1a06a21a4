import {
  isProblem,
  type Member,
  meGet,
  myStreamFollow,
  memberSignOut,
  useAction,
  useLive,
} from "@storeloop/api";
import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";

/** Everything of the signed-in person lies below this key. */
export const ME = ["me"] as const;

/** The member of this device's session; `null` when nobody is signed in. */
export function useMember() {
  return useQuery({
    queryKey: [...ME, "member"],
    queryFn: async (): Promise<Member | null> => {
      try {
        return await meGet();
      } catch (error) {
        if (isProblem(error) && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** Puts the member of a fresh session where every screen looks. */
export async function rememberMember(client: QueryClient, member: Member): Promise<void> {
  client.setQueryData([...ME, "member"], member);
  await client.invalidateQueries({
    predicate: (query) => query.queryKey[0] !== "me" || query.queryKey[1] !== "member",
  });
}

export function useSignOut(onDone: () => void) {
  const client = useQueryClient();
  return useAction(() => memberSignOut(), {
    onSuccess: () => {
      // What belonged to the person leaves the screen and the memory of this device.
      client.removeQueries({ queryKey: ME });
      client.removeQueries({ queryKey: ["order"] });
      client.setQueryData([...ME, "member"], null);
      onDone();
    },
  });
}

/** Keeps the person's orders, points and messages true while any screen is open. */
export function useMemberLive(): void {
  const client = useQueryClient();
  const { data: member } = useMember();
  useLive(member ? myStreamFollow() : null, (event) => {
    void client.invalidateQueries({ queryKey: ME });
    void client.invalidateQueries({ queryKey: event ? ["order", event.aggregate] : ["order"] });
    // An event about a fulfilment or a payment names that, not its order.
    if (event && !event.aggregate.startsWith("ord_")) {
      void client.invalidateQueries({ queryKey: ["order"] });
    }
  });
}
