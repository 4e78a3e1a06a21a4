/** From where a channel sells, and what it leaves there. */
import type { PlaceKind, Service } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Card, IconButton, RadioGroup, Row, Stack, TextInput } from "@storeloop/ui";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { CHOICES, type TermsForm } from "./channel-form.ts";
import { SkuName } from "./names.tsx";
import { PlacePicker, usePlaceName, usePlaces } from "./pickers.tsx";
import { Many } from "./price-fields.tsx";
import { SkuPicker } from "./sku-picker.tsx";
import { KINDS, toWhole } from "./sourcing-form.ts";

const SERVICES: Service[] = ["collect", "ship", "deliver_local", "return"];

type PartProps = {
  form: TermsForm;
  onChange: (form: TermsForm) => void;
  readOnly: boolean;
};

export function SellsFromCard({ form, onChange, readOnly }: PartProps) {
  const { channels: t, places: words } = useWords();
  const { text } = useI18n();
  const places = usePlaces().data?.items ?? [];
  const set = (part: Partial<TermsForm>) => onChange({ ...form, ...part });
  const named = places.map((place) => ({ value: place.id, label: text(place.name) }));
  const regions = [...new Set(places.map((place) => place.region))].filter(Boolean).sort();
  return (
    <Card title={t.sellsFrom}>
      <fieldset className="sl-stack sourcing-plain" disabled={readOnly}>
        <p className="sl-muted">{t.sellsFromText}</p>
        <RadioGroup
          label={t.choose}
          look="chips"
          value={form.choose}
          onChange={(choose) => set({ choose })}
          options={CHOICES.map((value) => ({ value, label: t.chooses[value] }))}
        />
        {form.choose === "named" && (
          <Many
            label={t.places}
            placeholder={t.pickPlaces}
            value={form.placeIds}
            options={named}
            onChange={(placeIds) => set({ placeIds })}
          />
        )}
        {form.choose === "matching" && (
          <div className="sourcing-grid">
            <Many
              label={t.kinds}
              placeholder={t.anyKind}
              value={form.kinds}
              options={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
              onChange={(kinds: PlaceKind[]) => set({ kinds })}
            />
            <Many
              label={t.regions}
              placeholder={t.anyRegion}
              value={form.regions}
              options={regions.map((value) => ({ value, label: value }))}
              onChange={(chosen) => set({ regions: chosen })}
            />
            <Many
              label={t.services}
              placeholder={t.anyService}
              value={form.services}
              options={SERVICES.map((value) => ({ value, label: words.serviceNames[value] }))}
              onChange={(services: Service[]) => set({ services })}
            />
            <Many
              label={t.except}
              placeholder={t.nobody}
              value={form.except}
              options={named}
              onChange={(except) => set({ except })}
            />
          </div>
        )}
      </fieldset>
    </Card>
  );
}

export function BuffersCard({ form, onChange, readOnly }: PartProps) {
  const { channels: t } = useWords();
  return (
    <Card title={t.buffers}>
      <fieldset className="sl-stack sourcing-plain" disabled={readOnly}>
        <p className="sl-muted">{t.buffersText}</p>
        <div className="sourcing-grid">
          <Pieces
            label={t.buffer}
            value={form.buffer}
            onChange={(buffer) => onChange({ ...form, buffer })}
          />
        </div>
        <PlaceBuffers form={form} onChange={onChange} readOnly={readOnly} />
        <SkuBuffers form={form} onChange={onChange} readOnly={readOnly} />
      </fieldset>
    </Card>
  );
}

function PlaceBuffers({ form, onChange, readOnly }: PartProps) {
  const { channels: t } = useWords();
  const nameOf = usePlaceName();
  const set = (placeBuffers: TermsForm["placeBuffers"]) => onChange({ ...form, placeBuffers });
  const put = (index: number, part: Partial<TermsForm["placeBuffers"][number]>) =>
    set(form.placeBuffers.map((one, at) => (at === index ? { ...one, ...part } : one)));
  if (readOnly && form.placeBuffers.length === 0) return null;
  return (
    <Stack gap={2}>
      <strong>{t.byPlace}</strong>
      {form.placeBuffers.map((one, index) => (
        <div className="sourcing-grid" key={index}>
          <PlacePicker
            label={t.place}
            value={one.placeId}
            onChange={(placeId) => put(index, { placeId })}
          />
          <Pieces
            label={t.pieces}
            value={one.pieces}
            onChange={(pieces) => put(index, { pieces })}
          />
          {!readOnly && (
            <IconButton
              icon="trash"
              label={t.remove(nameOf(one.placeId))}
              onClick={() => set(form.placeBuffers.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Row>
          <Button
            size="small"
            icon="plus"
            onClick={() => set([...form.placeBuffers, { placeId: null, pieces: "1" }])}
          >
            {t.addPlace}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

function SkuBuffers({ form, onChange, readOnly }: PartProps) {
  const { channels: t } = useWords();
  const [adding, setAdding] = useState(false);
  const set = (skuBuffers: TermsForm["skuBuffers"]) => onChange({ ...form, skuBuffers });
  const put = (index: number, part: Partial<TermsForm["skuBuffers"][number]>) =>
    set(form.skuBuffers.map((one, at) => (at === index ? { ...one, ...part } : one)));
  if (readOnly && form.skuBuffers.length === 0) return null;
  return (
    <Stack gap={2}>
      <strong>{t.bySku}</strong>
      {form.skuBuffers.map((one, index) => (
        <Stack gap={1} key={index}>
          <Row between>
            <SkuName id={one.skuId} />
            {!readOnly && (
              <IconButton
                icon="trash"
                label={t.remove(t.bySku)}
                onClick={() => set(form.skuBuffers.filter((_, at) => at !== index))}
              />
            )}
          </Row>
          <div className="sourcing-grid">
            <PlacePicker
              label={t.place}
              placeholder={t.everywhere}
              optional
              value={one.placeId}
              onChange={(placeId) => put(index, { placeId })}
            />
            <Pieces
              label={t.pieces}
              value={one.pieces}
              onChange={(pieces) => put(index, { pieces })}
            />
          </div>
        </Stack>
      ))}
      {!readOnly && adding && (
        <SkuPicker
          label={t.pick}
          onChoose={({ sku }) => {
            set([...form.skuBuffers, { skuId: sku.id, placeId: null, pieces: "1" }]);
            setAdding(false);
          }}
        />
      )}
      {!readOnly && !adding && (
        <Row>
          <Button size="small" icon="plus" onClick={() => setAdding(true)}>
            {t.addSku}
          </Button>
        </Row>
      )}
    </Stack>
  );
}

type PiecesProps = { label: string; value: string; onChange: (typed: string) => void };

function Pieces({ label, value, onChange }: PiecesProps) {
  const { channels: t } = useWords();
  return (
    <TextInput
      label={label}
      inputMode="numeric"
      autoComplete="off"
      value={value}
      onChange={onChange}
      error={toWhole(value) === null ? t.whole : undefined}
    />
  );
}
