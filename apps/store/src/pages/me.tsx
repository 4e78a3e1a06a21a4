import { STAFF_SESSION_KEY, staffSignOut, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Facts,
  PageHeader,
  RadioGroup,
  Sheet,
  Stack,
  useStateWords,
  useTheme,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { PlaceName } from "../parts/place-name.tsx";
import { PlacePicker } from "../parts/place-gate.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function MePage() {
  const t = useWords();
  const states = useStateWords();
  const { list, locale, setLocale } = useI18n();
  const { choice, setTheme } = useTheme();
  const { session, setPlaceId } = useWork();
  const placeId = usePlaceId();
  const queries = useQueryClient();
  const [choosing, setChoosing] = useState(false);
  const signOut = useAction(() => staffSignOut(), {
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(STAFF_SESSION_KEY, null);
    },
  });
  return (
    <>
      <PageHeader back="/" title={t.me.title} />
      <Card>
        <Facts
          items={[
            { label: t.me.name, value: session.staff.name },
            { label: t.me.login, value: <span className="sl-mono">{session.staff.login}</span> },
            {
              label: t.me.roles,
              value: list(session.staff.roles.map((one) => states.role[one.role])),
            },
            { label: t.me.place, value: <PlaceName id={placeId} /> },
          ]}
        />
      </Card>
      <Button icon="store" block onClick={() => setChoosing(true)}>
        {t.place.change}
      </Button>
      <RadioGroup
        look="chips"
        label={t.me.language}
        value={locale}
        onChange={setLocale}
        options={[
          { value: "zh", label: "中文" },
          { value: "en", label: "English" },
        ]}
      />
      <RadioGroup
        look="chips"
        label={t.me.theme}
        value={choice}
        onChange={setTheme}
        options={[
          { value: "system", label: t.me.system },
          { value: "light", label: t.me.light },
          { value: "dark", label: t.me.dark },
        ]}
      />
      <Button
        icon="external"
        block
        busy={signOut.isPending}
        onClick={() => signOut.mutate(undefined)}
      >
        {t.me.signOut}
      </Button>
      <Sheet title={t.place.choose} open={choosing} onClose={() => setChoosing(false)}>
        <Stack>
          <PlacePicker
            onPick={(id) => {
              setPlaceId(id);
              setChoosing(false);
            }}
          />
        </Stack>
      </Sheet>
    </>
  );
}
