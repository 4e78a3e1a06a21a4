import { memberList, orderList, placeList, productList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Dialog, Icon, type IconName, SearchInput, useDelayed } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useLocation } from "wouter";
import { MENU } from "../menu.ts";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

type Hit = { key: string; icon: IconName; label: string; hint: string; href: string };

const EACH = 5;

/** Orders, members, products, places and pages from one box, in Chinese, pinyin and English. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const q = useDelayed(typed.trim());
  const hits = [...usePages(typed.trim()), ...useObjects(q)];
  const chosen = hits[Math.min(at, hits.length - 1)];
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    navigate(hit.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || hits.length === 0) return;
    event.preventDefault();
    setAt((now) => (Math.min(now, hits.length - 1) + step + hits.length) % hits.length);
  };
  return (
    <Dialog title={t.palette.title} open onClose={onClose}>
      <div onKeyDown={onKeyDown}>
        <SearchInput
          autoFocus
          label={t.palette.title}
          placeholder={t.palette.placeholder}
          value={typed}
          onChange={(value) => {
            setTyped(value);
            setAt(0);
          }}
          onSubmit={() => go(chosen)}
        />
      </div>
      <div className="console-palette__list" role="listbox" aria-label={t.palette.title}>
        {hits.map((hit) => (
          <div
            key={hit.key}
            role="option"
            aria-selected={hit === chosen}
            className="console-palette__item"
            onClick={() => go(hit)}
          >
            <Icon name={hit.icon} />
            <span className="sl-grow">{hit.label}</span>
            <span className="sl-caption">{hit.hint}</span>
          </div>
        ))}
        {hits.length === 0 && <p className="sl-muted">{t.palette.nothing}</p>}
      </div>
      <p className="sl-caption">{t.palette.keys}</p>
    </Dialog>
  );
}

function usePages(typed: string): Hit[] {
  const t = useWords();
  const { may } = useSession();
  const wanted = typed.toLowerCase();
  return MENU.flatMap((group) => group.items)
    .filter((item) => !item.permission || may(item.permission))
    .filter((item) => `${t.menu[item.key]} ${item.also}`.toLowerCase().includes(wanted))
    .slice(0, wanted === "" ? MENU.length * EACH : EACH)
    .map((item) => ({
      key: `page ${item.key}`,
      icon: item.icon,
      label: t.menu[item.key],
      hint: t.palette.pages,
      href: item.href,
    }));
}

function useObjects(q: string): Hit[] {
  const t = useWords();
  const { may } = useSession();
  const { text, money } = useI18n();
  const found = useQuery({
    queryKey: ["palette", q],
    enabled: q.length >= 2,
    queryFn: async () => {
      const [orders, members, products, places] = await Promise.all([
        may("order.read") ? orderList({ q, limit: EACH }) : null,
        may("member.read") ? memberList({ q, limit: EACH }) : null,
        productList({ q, limit: EACH }),
        placeList({ q, limit: EACH }),
      ]);
      return { orders, members, products, places };
    },
  });
  if (q.length < 2 || !found.data) return [];
  const { orders, members, products, places } = found.data;
  return [
    ...(orders?.items ?? []).map((one) => ({
      key: one.id,
      icon: "bag" as const,
      label: `${one.number} · ${one.contact_name} · ${money(one.total)}`,
      hint: t.palette.orders,
      href: `/orders/${one.id}`,
    })),
    ...(members?.items ?? []).map((one) => ({
      key: one.id,
      icon: "user" as const,
      label: `${one.name ?? one.number} · ${one.phone}`,
      hint: t.palette.members,
      href: `/members/${one.id}`,
    })),
    ...products.items.map((one) => ({
      key: one.id,
      icon: "gift" as const,
      label: text(one.name),
      hint: t.palette.products,
      href: `/products/${one.id}`,
    })),
    ...places.items.map((one) => ({
      key: one.id,
      icon: "store" as const,
      label: text(one.name),
      hint: t.palette.places,
      href: `/places/${one.id}`,
    })),
  ];
}
