import { productList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  EmptyState,
  List,
  ListItem,
  Money,
  PageHeader,
  Picture,
  QueryView,
  Row,
  SearchInput,
  useDelayed,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";

export default function StockPage() {
  const t = useWords();
  const { text } = useI18n();
  const [q, setQ] = useState("");
  const wanted = useDelayed(q.trim());
  const products = useQuery({
    queryKey: ["products", wanted],
    queryFn: () => productList({ q: wanted, limit: 30 }),
    enabled: wanted !== "",
  });
  return (
    <>
      <PageHeader title={t.stock.title} />
      <Row>
        <Button size="small" icon="scan" href="/counts">
          {t.goods.counts}
        </Button>
        <Button size="small" icon="truck" href="/transfers">
          {t.goods.transfers}
        </Button>
      </Row>
      <SearchInput label={t.stock.search} value={q} onChange={setQ} />
      {wanted === "" ? (
        <EmptyState icon="box" title={t.stock.start}>
          {t.stock.startText}
        </EmptyState>
      ) : (
        <QueryView
          query={products}
          empty={(page) =>
            page.items.length === 0 ? (
              <EmptyState icon="search" title={t.stock.none}>
                {t.stock.noneText}
              </EmptyState>
            ) : null
          }
        >
          {(page) => (
            <List label={t.stock.title}>
              {page.items.map((product) => (
                <ListItem
                  key={product.id}
                  href={`/stock/${product.id}`}
                  start={
                    <span className="store-thumb">
                      <Picture media={product.image} name={text(product.name)} decorative />
                    </span>
                  }
                  title={text(product.name)}
                  hint={<span className="sl-mono">{product.code}</span>}
                  end={<Money value={product.price} />}
                />
              ))}
            </List>
          )}
        </QueryView>
      )}
    </>
  );
}
