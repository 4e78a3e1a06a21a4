/** Who sits at the console, and what they may do. */
import type { StaffSession } from "@storeloop/api";
import { createContext, useContext } from "react";

const SessionContext = createContext<StaffSession | null>(null);

export const SessionProvider = SessionContext.Provider;

export function useSession(): StaffSession & { may: (permission: string) => boolean } {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider above it");
  return { ...session, may: (permission) => session.permissions.includes(permission) };
}
