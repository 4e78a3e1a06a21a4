/** Names for ids: of goods and of colleagues. */
import { skuList, type SkuWithProduct } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";
import { useColleagues } from "./pickers.tsx";

type Waiting = { found: (sku: SkuWithProduct | null) => void; failed: (error: unknown) => void };

/** As many as the server looks up at once. */
const AT_ONCE = 200;

let waiting = new Map<string, Waiting[]>();

/** One SKU; those asked for in the same moment are asked for together. */
function skuOf(id: string): Promise<SkuWithProduct | null> {
  return new Promise((found, failed) => {
    if (waiting.size === 0) queueMicrotask(() => void askForAll());
    waiting.set(id, [...(waiting.get(id) ?? []), { found, failed }]);
    if (waiting.size === AT_ONCE) void askForAll();
  });
}

async function askForAll(): Promise<void> {
  const asked = waiting;
  waiting = new Map();
  if (asked.size === 0) return;
  try {
    const { items } = await skuList({ ids: [...asked.keys()].join() });
    const byId = new Map(items.map((sku) => [sku.id, sku]));
    asked.forEach((each, id) => each.forEach(({ found }) => found(byId.get(id) ?? null)));
  } catch (error) {
    asked.forEach((each) => each.forEach(({ failed }) => failed(error)));
  }
}

function useSku(id: string) {
  return useQuery({ queryKey: ["sku", id], staleTime: 10 * 60_000, queryFn: () => skuOf(id) });
}

/** What a SKU is called: its product and option, or the option alone where the product is known. */
export function SkuName({ id, option: optionOnly = false }: { id: string; option?: boolean }) {
  const { text } = useI18n();
  const sku = useSku(id);
  // The width of a name, so that nothing jumps when it comes.
  if (sku.isPending) return <span className="console-name-coming" />;
  if (!sku.data) return <span className="sl-mono">{id}</span>;
  const option = text(sku.data.option);
  if (optionOnly) return <>{option || sku.data.code}</>;
  return (
    <Door href={`/products/${sku.data.product_id}`}>
      {text(sku.data.product.name)}
      {option && ` · ${option}`}
    </Door>
  );
}

/** The name of a colleague by id, for those who may know colleagues. */
export function useStaffName(): (actor: string) => string | undefined {
  const t = useWords();
  const { may, staff } = useSession();
  const colleagues = useColleagues(may("staff.read")).data?.items ?? [];
  const names = new Map(colleagues.map((one) => [one.id, one.name]));
  return (actor) => {
    const id = actor.replace(/^staff:/, "");
    if (id.startsWith("mem_")) return t.orders.customer;
    return id === staff.id ? staff.name : names.get(id);
  };
}

/** Who did something: the name where we may know it, the id on hover. */
export function Actor({ id }: { id: string }) {
  const t = useWords();
  const name = useStaffName()(id) ?? (id.startsWith("system:") ? t.common.system : undefined);
  if (name) return <span title={id}>{name}</span>;
  return <span className="sl-mono">{id}</span>;
}
