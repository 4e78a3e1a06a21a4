/** What a channel sees of an article, by the terms on the page. */
import { type Channel, channelPreview, type ChannelTerms } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Card, Notice, QueryView, Stack, Tag } from "@storeloop/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { type ChosenSku, SkuPicker } from "./sku-picker.tsx";

type PreviewProps = {
  channel: Channel;
  /** The terms on the page; null while something is wrong with them. */
  terms: ChannelTerms | null;
  /** Whether they are not those in force. */
  isDraft: boolean;
};

export function ChannelPreviewCard({ channel, terms, isDraft }: PreviewProps) {
  const { channels: t } = useWords();
  const [chosen, setChosen] = useState<ChosenSku | null>(null);
  return (
    <Card title={t.preview}>
      <Stack>
        <p className="sl-muted">{t.previewText}</p>
        <SkuPicker label={t.pick} onChoose={setChosen} />
        {chosen && terms && (
          <>
            <p>
              <strong>{chosen.name}</strong> {isDraft && <Tag tone="warning">{t.draft}</Tag>}
            </p>
            <Seen channel={channel} terms={terms} skuId={chosen.sku.id} />
          </>
        )}
      </Stack>
    </Card>
  );
}

type SeenProps = { channel: Channel; terms: ChannelTerms; skuId: string };

function Seen({ channel, terms, skuId }: SeenProps) {
  const { channels: t } = useWords();
  const { number, text } = useI18n();
  const seen = useQuery({
    queryKey: ["channels", "preview", channel, skuId, terms],
    queryFn: () => channelPreview(channel, { sku_id: skuId, terms }),
    placeholderData: keepPreviousData,
  });
  return (
    <QueryView query={seen}>
      {(data) =>
        !data.counted ? (
          <Notice>{t.uncounted}</Notice>
        ) : data.places.length === 0 ? (
          <p>{t.nowhere}</p>
        ) : (
          <Stack gap={2}>
            <p>
              {t.total(number(data.total), number(data.available))} ·{" "}
              {t.online(number(data.online))}
            </p>
            <table className="sl-table">
              <thead>
                <tr>
                  <th scope="col">{t.place}</th>
                  <th scope="col" className="sl-table__number">
                    {t.there}
                  </th>
                  <th scope="col" className="sl-table__number">
                    {t.sees}
                  </th>
                </tr>
              </thead>
              <tbody>
                {data.places.map((place) => (
                  <tr key={place.place_id}>
                    <td>
                      {text(place.name)}
                      {!place.sells_from ? (
                        <div className="sl-caption">{t.notSoldFrom}</div>
                      ) : place.sees < place.available ? (
                        <div className="sl-caption">
                          {t.leaves(number(place.available - place.sees))}
                        </div>
                      ) : null}
                    </td>
                    <td className="sl-table__number">{number(place.available)}</td>
                    <td className="sl-table__number">{number(place.sees)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Stack>
        )
      }
    </QueryView>
  );
}
