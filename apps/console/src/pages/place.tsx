import { type Place, placeGet, placeChange, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Checkbox,
  Dialog,
  Facts,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  Stack,
  Tag,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LevelList } from "../parts/levels.tsx";
import { SafetyDefault } from "../parts/safety.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function PlacePage({ id }: { id: string }) {
  const place = useQuery({ queryKey: ["object", id], queryFn: () => placeGet(id) });
  return <QueryView query={place}>{(data) => <Body place={data} />}</QueryView>;
}

function Body({ place }: { place: Place }) {
  const t = useWords();
  const { text, number, duration } = useI18n();
  const { may } = useSession();
  const [editing, setEditing] = useState(false);
  const { address } = place;
  return (
    <>
      <PageHeader
        back="/places"
        title={text(place.name)}
        end={
          <Row>
            <Tag tone={place.active ? "success" : "neutral"}>
              {place.active ? t.places.active : t.places.inactive}
            </Tag>
            {may("place.manage") && (
              <Button size="small" icon="edit" onClick={() => setEditing(true)}>
                {t.places.edit}
              </Button>
            )}
          </Row>
        }
      />
      <div className="console-columns">
        {may("stock.read") ? (
          <Card title={t.places.stock}>
            <Stack>
              <LevelList
                name="place-levels"
                fixed={{ place: place.id }}
                filters={[{ key: "q", kind: "search", label: t.stock.search }]}
              />
            </Stack>
          </Card>
        ) : (
          <span />
        )}
        <Stack>
          <Card>
            <Facts
              items={[
                { label: t.places.code, value: <span className="sl-mono">{place.code}</span> },
                { label: t.places.kind, value: t.places.kinds[place.kind] },
                { label: t.places.region, value: place.region },
                {
                  label: t.places.address,
                  value: [address.province, address.city, address.district, address.line]
                    .map((part) => text(part))
                    // A municipality is its own province.
                    .filter((part, at, parts) => part && part !== parts[at - 1])
                    .join(" "),
                },
                { label: t.places.phone, value: place.phone ?? "—" },
                {
                  label: t.places.services,
                  value: place.services.map((one) => t.places.serviceNames[one]).join(" · "),
                },
                { label: t.places.prep, value: duration(place.prep_minutes) },
                {
                  label: t.places.capacity,
                  value:
                    place.daily_order_capacity === null
                      ? t.places.unlimited
                      : number(place.daily_order_capacity),
                },
                ...(may("stock.read")
                  ? [{ label: t.stock.safety, value: <SafetyDefault place={place.id} /> }]
                  : []),
                {
                  label: t.places.area,
                  value: place.area_m2 === null ? "—" : `${number(place.area_m2)} m²`,
                },
              ]}
            />
          </Card>
          <Card title={`${t.places.hours} (${place.timezone})`}>
            <Facts
              items={place.hours.map((hour) => ({
                label: t.places.weekdays[hour.weekday - 1],
                value: `${hour.opens}–${hour.closes}`,
              }))}
            />
          </Card>
        </Stack>
      </div>
      <Dialog title={t.places.edit} open={editing} onClose={() => setEditing(false)}>
        <EditForm place={place} onDone={() => setEditing(false)} />
      </Dialog>
    </>
  );
}

function EditForm({ place, onDone }: { place: Place; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [name, setName] = useState(place.name);
  const [prep, setPrep] = useState(String(place.prep_minutes));
  const [capacity, setCapacity] = useState(String(place.daily_order_capacity ?? ""));
  const [active, setActive] = useState(place.active);
  const save = useAction(
    (body: Parameters<typeof placeChange>[1], intent) =>
      placeChange(place.id, body, { ...intent, ifMatch: place.version }),
    {
      onSuccess: (updated) => {
        queries.setQueryData(["object", place.id], updated);
        void queries.invalidateQueries({ queryKey: ["places"] });
        toast(t.places.saved);
        onDone();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          name,
          prep_minutes: Number(prep),
          daily_order_capacity: capacity.trim() === "" ? null : Number(capacity),
          active,
        });
      }}
    >
      <TextInput
        label={t.products.nameZh}
        value={name.zh}
        onChange={(zh) => setName({ ...name, zh })}
        required
      />
      <TextInput
        label={t.products.nameEn}
        value={name.en}
        onChange={(en) => setName({ ...name, en })}
        required
      />
      <TextInput
        label={t.places.prep}
        type="number"
        min={0}
        max={10080}
        value={prep}
        onChange={setPrep}
        required
      />
      <TextInput
        label={t.places.capacity}
        type="number"
        min={0}
        optional
        value={capacity}
        onChange={setCapacity}
      />
      <Checkbox asSwitch label={t.places.active} checked={active} onChange={setActive} />
      <ProblemNotice error={save.error} />
      <Button kind="primary" type="submit" busy={save.isPending}>
        {t.common.save}
      </Button>
    </form>
  );
}
