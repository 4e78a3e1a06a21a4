/** A sample bag with what it comes to and why, with the promotion on the screen as it is typed. */
import {
  type PricePreview,
  type PricePreviewIn,
  pricePreview,
  type PromotionIn,
} from "@storeloop/api";
import { fromBasisPoints, useI18n } from "@storeloop/i18n";
import {
  Card,
  Checkbox,
  Facts,
  IconButton,
  Money,
  ProblemNotice,
  Select,
  Stack,
  useDelayed,
} from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useWords } from "../words/index.ts";
import { useKept } from "./kept.ts";
import { CHANNELS, TIERS } from "./price-fields.tsx";
import { PriceSteps } from "./price-steps.tsx";
import { usePlaces } from "./pickers.tsx";
import { SkuPicker } from "./sku-picker.tsx";

type Sample = {
  channel: (typeof CHANNELS)[number];
  tier: (typeof TIERS)[number] | "guest";
  place: string;
  delivered: boolean;
  lines: { sku_id: string; name: string; quantity: number }[];
};

const EMPTY: Sample = { channel: "web", tier: "guest", place: "", delivered: false, lines: [] };

type PreviewProps = {
  /** The promotion on the screen; null while it is not whole. */
  promotion: PromotionIn | null;
  /** The saved one it would replace. */
  id: string | null;
};

export function PricePreviewCard({ promotion, id }: PreviewProps) {
  const t = useWords();
  const { text } = useI18n();
  const places = usePlaces();
  // The sample stays from one promotion to the next.
  const [sample, setSample] = useKept<Sample>("console.price-sample", EMPTY);
  const set = (change: Partial<Sample>) => setSample({ ...sample, ...change });
  const asked: PricePreviewIn = {
    channel: sample.channel,
    tier: sample.tier === "guest" ? null : sample.tier,
    place_id: sample.place === "" ? null : sample.place,
    is_delivered: sample.delivered,
    lines: sample.lines.map(({ sku_id, quantity }) => ({ sku_id, quantity })),
    // Names and codes do not change a price and may still be empty.
    promotion: promotion && { ...promotion, ...named(promotion) },
    promotion_id: id,
  };
  const written = useDelayed(JSON.stringify(asked));
  const preview = useQuery({
    queryKey: ["price-preview", written],
    queryFn: () => pricePreview(JSON.parse(written) as PricePreviewIn),
    enabled: sample.lines.length > 0,
    placeholderData: keepPreviousData,
  });
  const setQuantity = (sku_id: string, quantity: number) =>
    set({
      lines: sample.lines.flatMap((line) =>
        line.sku_id !== sku_id ? [line] : quantity > 0 ? [{ ...line, quantity }] : [],
      ),
    });
  return (
    <Card title={t.prices.preview}>
      <Stack>
        <p className="sl-caption">{t.prices.previewText}</p>
        <div className="console-pair">
          <Select
            label={t.prices.asChannel}
            value={sample.channel}
            options={CHANNELS.map((value) => ({ value, label: t.prices.channelNames[value] }))}
            onChange={(channel) => set({ channel })}
          />
          <Select
            label={t.prices.asTier}
            value={sample.tier}
            options={[
              { value: "guest", label: t.prices.guest },
              ...TIERS.map((value) => ({ value, label: t.prices.tierNames[value] })),
            ]}
            onChange={(tier) => set({ tier })}
          />
          <Select
            label={t.prices.asPlace}
            value={sample.place === "" ? "none" : sample.place}
            options={[
              { value: "none", label: "—" },
              ...(places.data?.items ?? []).map((one) => ({
                value: one.id,
                label: text(one.name),
              })),
            ]}
            onChange={(place) => set({ place: place === "none" ? "" : place })}
          />
        </div>
        <Checkbox
          label={t.prices.delivered}
          checked={sample.delivered}
          onChange={(delivered) => set({ delivered })}
        />
        <SkuPicker
          label={t.prices.addSample}
          onChoose={({ sku, name }) => {
            const there = sample.lines.find((line) => line.sku_id === sku.id);
            if (there) setQuantity(sku.id, there.quantity + 1);
            else set({ lines: [...sample.lines, { sku_id: sku.id, name, quantity: 1 }] });
          }}
        />
        {sample.lines.length === 0 ? (
          <p className="sl-muted">{t.prices.sampleEmpty}</p>
        ) : (
          <>
            <SampleLines sample={sample} preview={preview.data} onQuantity={setQuantity} />
            <ProblemNotice error={preview.error} />
            {preview.data && <Outcome preview={preview.data} />}
          </>
        )}
      </Stack>
    </Card>
  );
}

function named(promotion: PromotionIn): Pick<PromotionIn, "code" | "name"> {
  const { code, name } = promotion;
  return { code: code || "·", name: { zh: name.zh || "·", en: name.en || "·" } };
}

type LinesProps = {
  sample: Sample;
  preview: PricePreview | undefined;
  onQuantity: (sku_id: string, quantity: number) => void;
};

function SampleLines({ sample, preview, onQuantity }: LinesProps) {
  const t = useWords();
  const { text, money } = useI18n();
  return (
    <ul className="console-sample" aria-label={t.prices.sample}>
      {sample.lines.map((line) => {
        const priced = preview?.lines.find((one) => one.sku_id === line.sku_id);
        const name = priced
          ? [text(priced.name), text(priced.option)].filter(Boolean).join(" ")
          : line.name;
        const list = priced && priced.price.list_price.amount_minor * priced.quantity;
        const isLess = priced && list !== undefined && priced.total.amount_minor < list;
        return (
          <li className="console-sample__line" key={line.sku_id}>
            <span>{name}</span>
            <div className="console-sample__foot">
              <input
                className="console-cell"
                type="number"
                min={1}
                max={9999}
                aria-label={t.prices.quantityOf(name)}
                value={line.quantity}
                onChange={(event) => onQuantity(line.sku_id, Number(event.target.value) || 1)}
              />
              <IconButton
                icon="trash"
                label={t.prices.deleteRow(name)}
                onClick={() => onQuantity(line.sku_id, 0)}
              />
              <span className="sl-grow" />
              <span>
                {isLess && (
                  <span className="console-was">
                    {money({ ...priced.total, amount_minor: list })}
                  </span>
                )}{" "}
                {priced && <Money value={priced.total} />}
              </span>
            </div>
            {priced && <PriceSteps steps={priced.price.steps} />}
          </li>
        );
      })}
    </ul>
  );
}

function Outcome({ preview }: { preview: PricePreview }) {
  const t = useWords();
  const { text, money } = useI18n();
  const { totals, tax, shipping_steps: steps, promotions } = preview;
  return (
    <>
      <Facts
        items={[
          { label: t.prices.goodsTotal, value: <Money value={totals.goods} /> },
          ...(totals.discount.amount_minor > 0
            ? [{ label: t.prices.discount, value: <>−{money(totals.discount)}</> }]
            : []),
          {
            label: t.prices.shipping,
            value:
              totals.shipping.amount_minor === 0 ? (
                t.prices.free
              ) : (
                <Money value={totals.shipping} />
              ),
          },
          { label: t.prices.total, value: <Money value={totals.total} />, total: true },
          ...tax.rates.map((rate) => ({
            label: t.prices.tax(`${fromBasisPoints(rate.basis_points)} %`),
            value: <Money value={rate.tax} />,
          })),
        ]}
      />
      <PriceSteps steps={steps} />
      <h3 className="sl-card__title">{t.prices.verdicts}</h3>
      {promotions.length === 0 && <p className="sl-muted">{t.prices.noVerdicts}</p>}
      <ul className="console-price-steps">
        {promotions.map((one) => (
          <li key={one.promotion_id}>
            <span className="sl-grow">
              {text(one.name)} <span className="sl-muted">{text(one.why)}</span>
            </span>
            <span className="sl-price">
              {one.off.amount_minor === 0 ? "—" : `−${money(one.off)}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
