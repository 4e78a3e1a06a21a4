import { usePlace } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";

export function PlaceName({ id }: { id: string }) {
  const { text } = useI18n();
  return <>{text(usePlace(id).data?.name)}</>;
}
