import { placeGet } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { useQuery } from "@tanstack/react-query";

export function usePlace(id: string) {
  return useQuery({ queryKey: ["place", id], queryFn: () => placeGet(id), staleTime: 10 * 60_000 });
}

export function PlaceName({ id }: { id: string }) {
  const { text } = useI18n();
  return <>{text(usePlace(id).data?.name)}</>;
}
