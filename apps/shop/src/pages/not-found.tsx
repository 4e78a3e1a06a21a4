import { Button, EmptyState } from "@storeloop/ui";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function NotFoundPage() {
  const t = useWords();
  useTitle(t.notFound.title);
  return (
    <EmptyState
      icon="search"
      title={t.notFound.title}
      action={<Button href="/">{t.notFound.home}</Button>}
    >
      {t.notFound.text}
    </EmptyState>
  );
}
