import { memberList, orderList, skuList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  EmptyState,
  List,
  ListItem,
  PageHeader,
  QueryView,
  SearchInput,
  TierBadge,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Camera } from "../parts/camera.tsx";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

/** One box for everything that has a code: it finds out what the code is. */
export default function ScanPage() {
  const t = useWords();
  const [typed, setTyped] = useState("");
  const [code, setCode] = useState("");
  const [camera, setCamera] = useState(false);
  return (
    <>
      <PageHeader title={t.scan.title} />
      <SearchInput
        autoFocus
        label={t.scan.input}
        placeholder={t.scan.hint}
        value={typed}
        onChange={setTyped}
        onSubmit={(value) => setCode(value.trim())}
      />
      {camera ? (
        <Camera
          onCode={(value) => {
            setTyped(value);
            setCode(value);
            setCamera(false);
          }}
          onStop={() => setCamera(false)}
        />
      ) : (
        <Button icon="camera" block onClick={() => setCamera(true)}>
          {t.scan.camera}
        </Button>
      )}
      {code !== "" && <Found code={code} />}
    </>
  );
}

const BARCODE = /^\d{8}$|^\d{12,14}$/;

function Found({ code }: { code: string }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useWork();
  const found = useQuery({
    queryKey: ["scan", code],
    queryFn: async () => {
      const [orders, products, members] = await Promise.all([
        may("order.read") ? orderList({ q: code, limit: 5 }) : null,
        skuList(BARCODE.test(code) ? { barcode: code } : { code }),
        may("member.read") ? memberList({ q: code, limit: 5 }) : null,
      ]);
      return {
        orders: orders?.items ?? [],
        products: products.items,
        members: members?.items ?? [],
      };
    },
  });
  return (
    <QueryView
      query={found}
      empty={({ orders, products, members }) =>
        orders.length + products.length + members.length === 0 ? (
          <EmptyState icon="search" title={t.scan.nothing}>
            {t.scan.nothingText}
          </EmptyState>
        ) : null
      }
    >
      {({ orders, products, members }) => (
        <>
          {members.length > 0 && (
            <List label={t.scan.members}>
              {members.map((member) => (
                <ListItem
                  key={member.id}
                  icon="user"
                  href={`/members/${member.id}`}
                  title={member.name ?? member.number}
                  hint={member.phone}
                  end={<TierBadge tier={member.tier} />}
                />
              ))}
            </List>
          )}
          {orders.length > 0 && (
            <List label={t.scan.orders}>
              {orders.map((order) => (
                <ListItem
                  key={order.id}
                  icon="bag"
                  href={`/orders/${order.id}`}
                  title={<span className="sl-mono">{order.number}</span>}
                  hint={
                    <>
                      {order.contact_name} · <DateTime value={order.placed_at} />
                    </>
                  }
                />
              ))}
            </List>
          )}
          {products.length > 0 && (
            <List label={t.scan.products}>
              {products.map((sku) => (
                <ListItem
                  key={sku.id}
                  icon="box"
                  href={`/stock/${sku.product_id}`}
                  title={text(sku.product.name)}
                  hint={text(sku.option)}
                />
              ))}
            </List>
          )}
        </>
      )}
    </QueryView>
  );
}
