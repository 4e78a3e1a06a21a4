/** Who works here, and in which store. */
import type { StaffSession } from "@storeloop/api";
import { createContext, type ReactNode, useContext, useState } from "react";

const PLACE_KEY = "storeloop.store.place";

type Work = {
  session: StaffSession;
  may: (permission: string) => boolean;
  placeId: string | null;
  setPlaceId: (id: string) => void;
};

const WorkContext = createContext<Work | null>(null);

function storedPlace(): string | null {
  try {
    return localStorage.getItem(PLACE_KEY);
  } catch {
    // Without storage the choice lasts as long as the page.
    return null;
  }
}

export function WorkProvider({
  session,
  children,
}: {
  session: StaffSession;
  children: ReactNode;
}) {
  const [chosen, setChosen] = useState(storedPlace);
  const placeId = chosen ?? session.staff.home_place_id;
  const setPlaceId = (id: string) => {
    setChosen(id);
    try {
      localStorage.setItem(PLACE_KEY, id);
    } catch {
      // See storedPlace().
    }
  };
  const may = (permission: string) => session.permissions.includes(permission);
  return (
    <WorkContext.Provider value={{ session, may, placeId, setPlaceId }}>
      {children}
    </WorkContext.Provider>
  );
}

/** Inside the signed-in part of the app. */
export function useWork(): Work {
  const work = useContext(WorkContext);
  if (!work) throw new Error("useWork needs a WorkProvider above it");
  return work;
}

/** The store somebody works in; pages behind the place gate have one. */
export function usePlaceId(): string {
  const { placeId } = useWork();
  if (placeId === null) throw new Error("usePlaceId needs a chosen store");
  return placeId;
}
