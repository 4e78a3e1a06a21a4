import { Button, EmptyState } from "@storeloop/ui";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function NotFoundPage() {
  const t = useWords();
  useTitle(t.notFound.title);
  return (
    <EmptyState
      icon="search"
      title={<h1 className="sl-state__title">{t.notFound.title}</h1>}
      action={<Button href="/">{t.notFound.home}</Button>}
    >
      {t.notFound.text}
    </EmptyState>
  );
}
