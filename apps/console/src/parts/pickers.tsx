/** Choosing a place, a product or a colleague by typing. */
import { type Place, placeList, productList, type Staff, staffList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Field, useDelayed } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";

type PickerProps = {
  label: string;
  value: string | null;
  onChange: (id: string | null) => void;
  placeholder?: string;
  optional?: boolean;
};

type Found = { value: string; label: string };

function SearchSelect(
  props: PickerProps & { options: Found[]; loading: boolean; onSearch: (typed: string) => void },
) {
  const { label, value, onChange, placeholder, optional, options, loading, onSearch } = props;
  return (
    <Field label={label} optional={optional ?? false}>
      {({ id }) => (
        <Select
          id={id}
          style={{ width: "100%" }}
          showSearch={{ filterOption: false, onSearch }}
          allowClear={optional ?? false}
          loading={loading}
          placeholder={placeholder}
          value={value}
          options={options}
          onChange={(next: string | null | undefined) => onChange(next ?? null)}
        />
      )}
    </Field>
  );
}

export function usePlaces() {
  return useQuery({
    queryKey: ["places", "all"],
    queryFn: () => placeList({ limit: 200 }),
    staleTime: 10 * 60_000,
  });
}

/** The name of a place by its id, once the places are known. */
export function usePlaceName(): (id: string | null) => string {
  const { text } = useI18n();
  const places = usePlaces().data?.items ?? [];
  const byId = new Map<string, Place>(places.map((place) => [place.id, place]));
  return (id) => (id === null ? "" : text(byId.get(id)?.name));
}

export function PlacePicker(props: PickerProps) {
  const { text } = useI18n();
  const [typed, setTyped] = useState("");
  const places = usePlaces();
  const wanted = typed.trim().toLowerCase();
  const options = (places.data?.items ?? [])
    .map((place) => ({ value: place.id, label: text(place.name), code: place.code }))
    .filter((one) => `${one.label} ${one.code}`.toLowerCase().includes(wanted));
  return (
    <SearchSelect {...props} options={options} loading={places.isPending} onSearch={setTyped} />
  );
}

export function ProductPicker(props: PickerProps) {
  const { text } = useI18n();
  const [typed, setTyped] = useState("");
  const q = useDelayed(typed.trim());
  const products = useQuery({
    queryKey: ["products", "pick", q],
    queryFn: () => productList({ q, limit: 20 }),
  });
  const options = (products.data?.items ?? []).map((one) => ({
    value: one.id,
    label: text(one.name),
  }));
  return (
    <SearchSelect {...props} options={options} loading={products.isPending} onSearch={setTyped} />
  );
}

export function useColleagues(enabled = true) {
  return useQuery({
    enabled,
    queryKey: ["staff", "pick"],
    queryFn: () => staffList({ limit: 200 }),
    staleTime: 5 * 60_000,
  });
}

export function StaffPicker(props: PickerProps) {
  const [typed, setTyped] = useState("");
  const staff = useColleagues();
  const wanted = typed.trim().toLowerCase();
  const options = (staff.data?.items ?? [])
    .filter((one: Staff) => one.active)
    .filter((one) => `${one.name} ${one.login}`.toLowerCase().includes(wanted))
    .map((one) => ({ value: one.id, label: one.name }));
  return (
    <SearchSelect {...props} options={options} loading={staff.isPending} onSearch={setTyped} />
  );
}
