import { type Member, meChange, useAction } from "@storeloop/api";
import { getLocale } from "@storeloop/i18n";
import {
  Button,
  Card,
  PageHeader,
  ProblemNotice,
  QueryView,
  Stack,
  TextInput,
  toast,
  ViewState,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME, useMember } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function MyProfilePage() {
  const t = useWords();
  const member = useMember();
  useTitle(t.me.profile);
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.me.profile} back="/me" />
        <QueryView
          query={member}
          empty={(data) =>
            data ? null : <ViewState icon="user" title={t.home.join} action={<SignInButton />} />
          }
        >
          {(data) => data && <ProfileForm member={data} />}
        </QueryView>
      </Stack>
    </div>
  );
}

function ProfileForm({ member }: { member: Member }) {
  const t = useWords();
  const client = useQueryClient();
  const [name, setName] = useState(member.name ?? "");
  const [birthday, setBirthday] = useState(member.birthday ?? "");
  const save = useAction((body: Parameters<typeof meChange>[0], intent) => meChange(body, intent), {
    onSuccess: (updated) => {
      client.setQueryData([...ME, "member"], updated);
      toast(t.me.saved);
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    // Messages come in the language the person reads the shop in.
    save.mutate({ name: name.trim() || null, birthday: birthday || null, locale: getLocale() });
  }
  return (
    <Card>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={t.me.name} autoComplete="name" value={name} onChange={setName} />
          <TextInput
            label={t.me.birthday}
            type="date"
            optional
            autoComplete="bday"
            value={birthday}
            onChange={setBirthday}
          />
          <ProblemNotice error={save.error} />
          <Button kind="primary" block type="submit" busy={save.isPending}>
            {t.me.save}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}
