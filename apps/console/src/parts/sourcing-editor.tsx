/** The rules as readable sentences: precedence to be moved, limits, and weights with their units. */
import type { SourcingTierRule } from "@storeloop/api";
import { toMinor, useI18n } from "@storeloop/i18n";
import { Button, Card, Checkbox, IconButton, Row, Select, Stack, TextInput } from "@storeloop/ui";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { PlacePicker, usePlaces } from "./pickers.tsx";
import { Many, ProductsPicker } from "./price-fields.tsx";
import {
  type BandForm,
  type Kind,
  KINDS,
  moved,
  type RulesForm,
  tierKey,
  tiersLeft,
  toWhole,
  WEIGHTS,
} from "./sourcing-form.ts";

type PartProps = {
  form: RulesForm;
  onChange: (form: RulesForm) => void;
  readOnly: boolean;
};

/** A rule of precedence as a sentence. */
export function useTierSentence(): (tier: SourcingTierRule) => string {
  const { sourcing: t, places } = useWords();
  return (tier) =>
    tier.rule === "kind_first" ? t.tier.kind_first(places.kinds[tier.kind]) : t.tier[tier.rule];
}

export function TiersCard({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t } = useWords();
  const sentence = useTierSentence();
  const left = tiersLeft(form.tiers);
  const set = (tiers: SourcingTierRule[]) => onChange({ ...form, tiers });
  return (
    <Card title={t.tiers}>
      <Stack>
        <p className="sl-muted">{t.tiersText}</p>
        {form.tiers.length === 0 && <p>{t.noTiers}</p>}
        <ol className="sourcing-tiers">
          {form.tiers.map((tier, index) => (
            <li key={tierKey(tier)}>
              <span>{sentence(tier)}</span>
              {!readOnly && (
                <span className="sourcing-tiers__moves">
                  <IconButton
                    icon="up"
                    label={t.moveUp(sentence(tier))}
                    disabled={index === 0}
                    onClick={() => set(moved(form.tiers, index, -1))}
                  />
                  <IconButton
                    icon="down"
                    label={t.moveDown(sentence(tier))}
                    disabled={index === form.tiers.length - 1}
                    onClick={() => set(moved(form.tiers, index, 1))}
                  />
                  <IconButton
                    icon="trash"
                    label={t.remove(sentence(tier))}
                    onClick={() => set(form.tiers.filter((one) => one !== tier))}
                  />
                </span>
              )}
            </li>
          ))}
        </ol>
        {!readOnly && left.length > 0 && (
          <Select
            label={t.addTier}
            value=""
            options={left.map((tier) => ({ value: tierKey(tier), label: sentence(tier) }))}
            onChange={(key) => {
              const added = left.find((tier) => tierKey(tier) === key);
              if (added) set([...form.tiers, added]);
            }}
          />
        )}
      </Stack>
    </Card>
  );
}

export function LimitsCard({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t, places: words } = useWords();
  const { text } = useI18n();
  const places = usePlaces().data?.items ?? [];
  const set = (part: Partial<RulesForm>) => onChange({ ...form, ...part });
  const kinds = KINDS.map((value) => ({ value, label: words.kinds[value] }));
  return (
    <Card title={t.limits}>
      <fieldset className="sl-stack sourcing-plain" disabled={readOnly}>
        <p className="sl-muted">{t.limitsText}</p>
        <div className="sourcing-grid">
          <Many
            label={t.kinds}
            placeholder={t.anyKind}
            value={form.kinds}
            options={kinds}
            onChange={(value: Kind[]) => set({ kinds: value })}
          />
          <Many
            label={t.excluded}
            placeholder={t.nobody}
            value={form.excluded}
            options={places.map((place) => ({ value: place.id, label: text(place.name) }))}
            onChange={(value) => set({ excluded: value })}
          />
          <WholeInput
            label={t.maxParcels}
            hint={t.maxParcelsHint}
            value={form.maxParcels}
            onChange={(value) => set({ maxParcels: value })}
          />
          <WholeInput
            label={t.maxDistance}
            hint={t.maxDistanceHint}
            value={form.maxDistance}
            blank
            onChange={(value) => set({ maxDistance: value })}
          />
          <WholeInput
            label={t.collectMove}
            hint={t.collectMoveHint}
            value={form.collectMove}
            onChange={(value) => set({ collectMove: value })}
          />
        </div>
        <ShipToFields form={form} onChange={onChange} readOnly={readOnly} />
        <ProductFields form={form} onChange={onChange} readOnly={readOnly} />
      </fieldset>
    </Card>
  );
}

/** What a store lacks of an order that is collected there is sent to it. */
export function ToStoreCard({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t, places: words } = useWords();
  const { toStore } = form;
  const set = (part: Partial<RulesForm["toStore"]>) =>
    onChange({ ...form, toStore: { ...toStore, ...part } });
  return (
    <Card title={t.toStore}>
      <fieldset className="sl-stack sourcing-plain" disabled={readOnly}>
        <p className="sl-muted">{t.toStoreText}</p>
        <Checkbox
          label={t.toStoreOffered}
          checked={toStore.offered}
          onChange={(offered) => set({ offered })}
        />
        {toStore.offered && (
          <div className="sourcing-grid">
            <Many
              label={t.toStoreKinds}
              placeholder={t.nobody}
              value={toStore.kinds}
              options={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
              onChange={(kinds: Kind[]) => set({ kinds })}
            />
            <WholeInput
              label={t.toStoreDays}
              hint={t.toStoreDaysHint}
              value={toStore.days}
              onChange={(days) => set({ days })}
            />
          </div>
        )}
      </fieldset>
    </Card>
  );
}

function ShipToFields({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t } = useWords();
  const set = (shipTo: RulesForm["shipTo"]) => onChange({ ...form, shipTo });
  const put = (index: number, part: Partial<RulesForm["shipTo"][number]>) =>
    set(form.shipTo.map((one, at) => (at === index ? { ...one, ...part } : one)));
  if (readOnly && form.shipTo.length === 0) return null;
  return (
    <Stack gap={2}>
      <strong>{t.shipTo}</strong>
      {form.shipTo.map((one, index) => (
        <div className="sourcing-grid" key={index}>
          <PlacePicker
            label={t.place}
            value={one.placeId}
            onChange={(placeId) => put(index, { placeId })}
          />
          <TextInput
            label={t.provinces}
            hint={t.provincesHint}
            value={one.provinces}
            onChange={(provinces) => put(index, { provinces })}
          />
          {!readOnly && (
            <IconButton
              icon="trash"
              label={t.remove(t.shipTo)}
              onClick={() => set(form.shipTo.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Row>
          <Button
            size="small"
            icon="plus"
            onClick={() => set([...form.shipTo, { placeId: null, provinces: "" }])}
          >
            {t.addShipTo}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function ProductFields({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t, places: words } = useWords();
  const kinds = KINDS.map((value) => ({ value, label: words.kinds[value] }));
  const ids = form.products.map((one) => one.productId);
  if (readOnly && ids.length === 0) return null;
  return (
    <div className="sourcing-grid">
      <ProductsPicker
        label={t.products}
        placeholder={t.addProducts}
        value={ids}
        onChange={(chosen) =>
          onChange({
            ...form,
            products: chosen.map(
              (productId) =>
                form.products.find((one) => one.productId === productId) ?? {
                  productId,
                  kinds: form.products[0]?.kinds ?? ["warehouse"],
                },
            ),
          })
        }
      />
      {ids.length > 0 && (
        <Many
          label={t.from}
          placeholder={t.anyKind}
          value={form.products[0]?.kinds ?? []}
          options={kinds}
          onChange={(chosen: Kind[]) =>
            onChange({
              ...form,
              products: form.products.map((one) => ({ ...one, kinds: chosen })),
            })
          }
        />
      )}
    </div>
  );
}

export function CostsCard({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t } = useWords();
  const set = (part: Partial<RulesForm>) => onChange({ ...form, ...part });
  return (
    <Card title={t.costs}>
      <fieldset className="sl-stack sourcing-plain" disabled={readOnly}>
        <p className="sl-muted">{t.costsText}</p>
        <Bands form={form} onChange={onChange} readOnly={readOnly} />
        <HandlingTable form={form} onChange={onChange} readOnly={readOnly} />
        <div className="sourcing-grid">
          {WEIGHTS.map((key) => (
            <SumInput
              key={key}
              label={t.weight[key][0]}
              hint={t.weight[key][1]}
              currency={form.currency}
              value={form.weights[key]}
              onChange={(value) => set({ weights: { ...form.weights, [key]: value } })}
            />
          ))}
          <WholeInput
            label={t.promiseHours}
            hint={t.promiseHoursHint}
            value={form.promiseHours}
            onChange={(promiseHours) => set({ promiseHours })}
          />
        </div>
        <div className="sourcing-grid">
          <SumInput
            label={t.coverPiece}
            hint={t.coverPieceHint}
            currency={form.currency}
            value={form.cover.piece}
            onChange={(piece) => set({ cover: { ...form.cover, piece } })}
          />
          <WholeInput
            label={t.coverDays}
            hint={t.days}
            value={form.cover.days}
            onChange={(days) => set({ cover: { ...form.cover, days } })}
          />
          <SumInput
            label={t.markdownPiece}
            hint={t.markdownPieceHint}
            currency={form.currency}
            value={form.markdown.piece}
            onChange={(piece) => set({ markdown: { ...form.markdown, piece } })}
          />
          <WholeInput
            label={t.markdownDays}
            hint={t.days}
            value={form.markdown.days}
            onChange={(days) => set({ markdown: { ...form.markdown, days } })}
          />
        </div>
      </fieldset>
    </Card>
  );
}

function Bands({ form, onChange, readOnly }: PartProps) {
  const { sourcing: t } = useWords();
  const set = (bands: BandForm[]) => onChange({ ...form, bands });
  const put = (index: number, part: Partial<BandForm>) =>
    set(form.bands.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const isSum = (typed: string) => toMinor(typed, form.currency) !== null;
  const isWhole = (typed: string) => toWhole(typed) !== null;
  const add = () => {
    const last = form.bands.at(-1);
    const before = Number(form.bands.at(-2)?.upTo ?? 0);
    if (last) set([...form.bands.slice(0, -1), { ...last, upTo: String(before + 100) }, last]);
  };
  return (
    <Stack gap={2}>
      <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={t.carrier}>
        <table className="sl-table">
          <caption className="sourcing-caption">{t.carrier}</caption>
          <thead>
            <tr>
              <th scope="col">{t.upTo}</th>
              <th scope="col">{`${t.first} (${form.currency})`}</th>
              <th scope="col">{`${t.more} (${form.currency})`}</th>
              <th scope="col">{t.hours}</th>
              {!readOnly && <td />}
            </tr>
          </thead>
          <tbody>
            {form.bands.map((band, index) => {
              const last = index === form.bands.length - 1;
              const name = (column: string) => `${column}, ${last ? t.beyond : band.upTo}`;
              return (
                <tr key={index}>
                  <td>
                    {last ? (
                      t.beyond
                    ) : (
                      <Cell
                        label={`${t.upTo} ${index + 1}`}
                        value={band.upTo}
                        valid={isWhole(band.upTo)}
                        onChange={(upTo) => put(index, { upTo })}
                      />
                    )}
                  </td>
                  <td>
                    <Cell
                      label={name(t.first)}
                      value={band.first}
                      valid={isSum(band.first)}
                      onChange={(first) => put(index, { first })}
                    />
                  </td>
                  <td>
                    <Cell
                      label={name(t.more)}
                      value={band.more}
                      valid={isSum(band.more)}
                      onChange={(more) => put(index, { more })}
                    />
                  </td>
                  <td>
                    <Cell
                      label={name(t.hours)}
                      value={band.hours}
                      valid={isWhole(band.hours)}
                      onChange={(hours) => put(index, { hours })}
                    />
                  </td>
                  {!readOnly && (
                    <td>
                      {!last && (
                        <IconButton
                          icon="trash"
                          label={`${t.dropBand} ${band.upTo}`}
                          onClick={() => set(form.bands.filter((_, at) => at !== index))}
                        />
                      )}
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {!readOnly && (
        <Row>
          <Button size="small" icon="plus" onClick={add}>
            {t.addBand}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function HandlingTable({ form, onChange }: PartProps) {
  const { sourcing: t, places: words } = useWords();
  const put = (kind: Kind, part: Partial<RulesForm["handling"][Kind]>) =>
    onChange({
      ...form,
      handling: { ...form.handling, [kind]: { ...form.handling[kind], ...part } },
    });
  const isSum = (typed: string) => toMinor(typed, form.currency) !== null;
  return (
    <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={t.handling}>
      <table className="sl-table">
        <caption className="sourcing-caption">{t.handling}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{`${t.perParcel} (${form.currency})`}</th>
            <th scope="col">{`${t.perPiece} (${form.currency})`}</th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{words.kinds[kind]}</th>
              <td>
                <Cell
                  label={`${words.kinds[kind]}, ${t.perParcel}`}
                  value={form.handling[kind].parcel}
                  valid={isSum(form.handling[kind].parcel)}
                  onChange={(parcel) => put(kind, { parcel })}
                />
              </td>
              <td>
                <Cell
                  label={`${words.kinds[kind]}, ${t.perPiece}`}
                  value={form.handling[kind].piece}
                  valid={isSum(form.handling[kind].piece)}
                  onChange={(piece) => put(kind, { piece })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type CellProps = {
  label: string;
  value: string;
  valid: boolean;
  onChange: (value: string) => void;
};

function Cell({ label, value, valid, onChange }: CellProps) {
  return (
    <input
      className="sourcing-cell"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-invalid={valid ? undefined : true}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type InputProps = {
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
};

function WholeInput({ blank, ...props }: InputProps & { blank?: boolean }) {
  const { sourcing: t } = useWords();
  const wrong = toWhole(props.value) === null && !(blank && props.value.trim() === "");
  return (
    <TextInput
      {...props}
      inputMode="numeric"
      autoComplete="off"
      error={wrong ? t.invalid : undefined}
    />
  );
}

function SumInput({ currency, label, ...props }: InputProps & { currency: string }) {
  const { sourcing: t } = useWords();
  const wrong = toMinor(props.value, currency) === null;
  return (
    <TextInput
      {...props}
      label={`${label} (${currency})`}
      inputMode="decimal"
      autoComplete="off"
      error={wrong ? t.invalid : undefined}
    />
  );
}

/** A form that starts from what is given and knows whether it was changed. */
export function useRulesForm(initial: RulesForm, draft?: RulesForm) {
  const [form, setForm] = useState(draft ?? initial);
  const changed = JSON.stringify(form) !== JSON.stringify(initial);
  return { form, setForm, changed };
}
