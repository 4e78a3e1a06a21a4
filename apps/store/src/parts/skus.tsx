/** Names and codes of a handful of SKUs, fetched together; and a scanner's box that finds one. */
import { skuList, type SkuWithProduct } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Stack, TextInput } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { Camera } from "./camera.tsx";

/** As many as the server looks up at once. */
const AT_ONCE = 200;

export function useSkus(ids: string[]) {
  const sorted = [...ids].sort();
  const query = useQuery({
    queryKey: ["skus", sorted],
    staleTime: 10 * 60_000,
    enabled: sorted.length > 0,
    queryFn: async () => {
      const found = new Map<string, SkuWithProduct>();
      for (let from = 0; from < sorted.length; from += AT_ONCE) {
        const page = await skuList({ ids: sorted.slice(from, from + AT_ONCE).join() });
        page.items.forEach((sku) => found.set(sku.id, sku));
      }
      return found;
    },
  });
  return query.data ?? new Map<string, SkuWithProduct>();
}

/** What a SKU is called on a line. */
export function useSkuTitle() {
  const { text } = useI18n();
  return (sku: SkuWithProduct | undefined) =>
    sku ? [text(sku.product.name), text(sku.option)].filter(Boolean).join(" · ") : "…";
}

const BARCODE = /^\d{8}$|^\d{12,14}$/;

type ScanBoxProps = {
  label: string;
  hint?: string;
  error?: string | undefined;
  onFound: (sku: SkuWithProduct) => void;
  onUnknown: () => void;
};

/** A scanner types a code and presses Enter; so may a person, or the camera. */
export function ScanBox({ label, hint, error, onFound, onUnknown }: ScanBoxProps) {
  const { goods: t } = useWords();
  const [code, setCode] = useState("");
  const [camera, setCamera] = useState(false);
  const look = async (typed: string) => {
    const wanted = typed.trim();
    setCode("");
    if (!wanted) return;
    try {
      const found = await skuList(BARCODE.test(wanted) ? { barcode: wanted } : { code: wanted });
      const sku = found.items[0];
      if (sku) onFound(sku);
      else onUnknown();
    } catch {
      // A barcode whose check digit is wrong is refused: nothing has it.
      onUnknown();
    }
  };
  return (
    <Stack gap={2}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void look(code);
        }}
      >
        <TextInput
          label={label}
          hint={hint}
          error={error}
          value={code}
          onChange={setCode}
          autoComplete="off"
          enterKeyHint="done"
        />
      </form>
      {camera ? (
        <Camera
          onCode={(value) => {
            setCamera(false);
            void look(value);
          }}
          onStop={() => setCamera(false)}
        />
      ) : (
        <Button icon="camera" block onClick={() => setCamera(true)}>
          {t.camera}
        </Button>
      )}
    </Stack>
  );
}
