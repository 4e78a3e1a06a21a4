import { Button } from "@storeloop/ui";
import { useLocation, useSearch } from "wouter";
import { useWords } from "../words/index.ts";

/** Leads to the sign-in and back to where the person was. */
export function SignInButton({ kind = "primary" }: { kind?: "primary" | "secondary" }) {
  const t = useWords();
  const [path] = useLocation();
  const search = useSearch();
  const back = encodeURIComponent(search ? `${path}?${search}` : path);
  return (
    <Button kind={kind} href={`/sign-in?back=${back}`}>
      {t.signIn.button}
    </Button>
  );
}
