import { Card, PageHeader, Stack } from "@storeloop/ui";
import { CardForm } from "../parts/gift-cards.tsx";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** What is on a gift card, for whoever has it. */
export default function GiftCardPage() {
  const t = useWords();
  useTitle(t.gift.title);
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.gift.title} back="/me" />
        <Card>
          <Stack>
            <p className="sl-muted">{t.gift.intro}</p>
            <CardForm error={null} busy={false} />
          </Stack>
        </Card>
      </Stack>
    </div>
  );
}
